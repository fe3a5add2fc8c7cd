import type { Messages } from '..';
import admin from './admin';
import bringing from './bringing';
import doses from './doses';
import frame from './frame';
import image from './image';
import inbox from './inbox';
import pacs from './pacs';
import patients from './patients';
import signin from './signin';

const de: Messages = {
  ...frame,
  ...admin,
  ...bringing,
  ...doses,
  ...pacs,
  ...patients,
  ...signin,
  ...inbox,
  ...image,
};
export default de;
