import type { Messages } from '..';
import frame from './frame';
import image from './image';
import signin from './signin';

const de: Messages = { ...frame, ...signin, ...image };
export default de;
