import bringing from './bringing';
import frame from './frame';
import image from './image';
import inbox from './inbox';
import patients from './patients';
import signin from './signin';

export default { ...frame, ...bringing, ...patients, ...signin, ...inbox, ...image };
