import frame from './frame';
import image from './image';
import inbox from './inbox';
import signin from './signin';

export default { ...frame, ...signin, ...inbox, ...image };
