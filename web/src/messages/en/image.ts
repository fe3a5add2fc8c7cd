export default {
  'image.title': 'Image',
  'image.noViewer': 'The viewer could not be loaded.',
};
