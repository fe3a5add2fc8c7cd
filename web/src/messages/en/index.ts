import admin from './admin';
import bringing from './bringing';
import frame from './frame';
import image from './image';
import inbox from './inbox';
import pacs from './pacs';
import patients from './patients';
import signin from './signin';

export default { ...frame, ...admin, ...bringing, ...pacs, ...patients, ...signin, ...inbox, ...image };
