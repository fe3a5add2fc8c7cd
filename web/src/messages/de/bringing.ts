import type { Translated } from '..';
import type en from '../en/bringing';

const de: Translated<typeof en> = {
  'import.drop':
    'DICOM-Dateien, Ordner oder ZIPs hierher ziehen. Was abbricht, geht dort weiter, wo es stehen blieb.',
  'import.files': 'Dateien wählen',
  'import.folder': 'Einen Ordner wählen',
  'import.broke': { one: 'Eine Datei kam nicht durch.', other: '{count} Dateien kamen nicht durch.' },
  'import.sent': { one: '{done} von einer Datei gesendet', other: '{done} von {count} Dateien gesendet' },
  'import.outcomes': 'Was aus ihnen wurde',
  'import.moreOutcomes': { one: 'und noch eine', other: 'und noch {count}' },
  'import.file': 'Datei',
  'import.what': 'Zeigt',
  'import.became': 'Ergebnis',
  'import.linked': 'zugeordnet',
  'import.pending': 'wartet im Eingang',
  'import.duplicate': 'war schon da',
  'import.conflict': 'widerspricht einer, die schon da war',
  'import.quarantined': 'beiseitegelegt',
  'import.skipped': 'nicht genommen',
  'import.other': 'anderes',
};
export default de;
