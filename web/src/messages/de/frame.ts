import type { Translated } from '..';
import type en from '../en/frame';

const de: Translated<typeof en> = {
  'frame.skip': 'Zum Inhalt',
  'frame.screens': 'Ansichten',
  'frame.inbox': 'Eingang',
  'frame.patients': 'Patienten',
  'frame.import': 'Import',
  'frame.worklist': 'Arbeitsliste',
  'frame.exposures': 'Aufnahmen',
  'frame.jobs': 'Aufträge',
  'frame.devices': 'Geräte',
  'frame.users': 'Benutzer',
  'frame.audit': 'Protokoll',
  'frame.settings': 'Einstellungen',
  'frame.signOut': 'Abmelden',
  'frame.loading': 'Wird geladen …',
  'frame.failed': 'Das hat nicht geklappt.',
  'frame.unreachable': 'Porion antwortet nicht. Läuft es, und ist dieser Rechner im Netz?',
  'frame.again': 'Noch einmal',
  'frame.nowhere': 'Diese Ansicht gibt es nicht.',
  'frame.home': 'Zum Eingang',
  'settings.title': 'Einstellungen',
  'settings.look': 'Dieser Browser',
  'settings.theme': 'Farben',
  'settings.theme.system': 'Wie im System',
  'settings.theme.light': 'Hell',
  'settings.theme.dark': 'Dunkel',
  'settings.language': 'Sprache',
};
export default de;
