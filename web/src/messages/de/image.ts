import type { Translated } from '..';
import type en from '../en/image';

const de: Translated<typeof en> = {
  'image.title': 'Aufnahme',
  'image.noViewer': 'Der Bildbetrachter konnte nicht geladen werden.',
};
export default de;
