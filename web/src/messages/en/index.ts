import frame from './frame';
import image from './image';
import signin from './signin';

export default { ...frame, ...signin, ...image };
