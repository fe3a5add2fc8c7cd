import type { Translated } from '..';
import type en from '../en/patients';

const de: Translated<typeof en> = {
  'patients.add': 'Patienten anlegen',
  'patients.edit': 'Bearbeiten',
  'patients.nobody': 'Niemand gefunden.',
  'patients.alias': 'Anderer Name',
  'patients.mergedInto': 'Dieser Eintrag ging in einen anderen auf:',
  'patients.there': 'öffnen',
  'patients.alike': 'Leicht zu verwechseln mit:',
  'patients.wentInto': 'In diesem Patienten aufgegangen:',
  'patients.merge': 'Zusammenführen',
  'patients.mergeLead':
    'Beide sind dieselbe Person. Aufnahmen, Nummern und Namen dieses Eintrags kommen hierher; das lässt sich zurücknehmen:',
  'patients.unmerge': 'Trennen',
  'patients.unmergeLead': 'Es sind zwei Personen. Dieser Eintrag kommt zurück mit allem, was er mitbrachte:',
  'patients.noImages': 'Diesem Patienten ist keine Aufnahme zugeordnet.',
  'patients.undated': 'Ohne Datum',
  'patients.missing': 'keine',
  'patients.exposures': 'Aufnahmen in zwölf Monaten',
  'patients.inYear': { one: 'Eine Aufnahme.', other: '{count} Aufnahmen.' },
  'patients.dapByMonth': 'Dosisflächenprodukt je Monat, mGy·cm²',
  'patients.withoutDose': {
    one: 'Eine davon nennt keine Dosis.',
    other: '{count} davon nennen keine Dosis.',
  },
  'patients.last': 'Zuletzt: {what}',
  'patients.never': 'nie',
  'patients.all': { one: 'Die eine bekannte', other: 'Alle {count} bekannten' },
  'patients.when': 'Wann',
  'patients.what': 'Was',
  'patients.dose': 'Dosis',
  'patients.unknown': 'nicht genannt',
  'slot.PANORAMIC': 'Panorama',
  'slot.CEPHALOMETRIC_LATERAL': 'FRS seitlich',
  'slot.CEPHALOMETRIC_PA': 'FRS frontal',
  'slot.INTRA_ORAL': 'Intraoral',
  'slot.HAND_WRIST': 'Handwurzel',
  'slot.CBCT': 'DVT',
};
export default de;
