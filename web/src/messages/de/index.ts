import type { Messages } from '..';
import frame from './frame';
import image from './image';
import inbox from './inbox';
import signin from './signin';

const de: Messages = { ...frame, ...signin, ...inbox, ...image };
export default de;
