import type { Translated } from '..';
import type en from '../en/doses';

const de: Translated<typeof en> = {
  'doses.lead':
    'Was Aufnahmen an Dosis kosten, nach Gerät, Art und Alter. Ein Referenzwert gilt für den Median von mindestens zehn Aufnahmen; er ist keine Grenze für einen einzelnen Patienten. Die Zahlen sind Angaben der Geräte, keine Energiedosis im Körper.',
  'doses.from': 'Von',
  'doses.to': 'Bis',
  'doses.choose': 'Bitte beide Tage wählen.',
  'doses.table': 'Tabelle ohne Namen',
  'doses.named': 'Tabelle mit Namen',
  'doses.none': 'Keine Aufnahme vom {from} bis {to}.',
  'doses.count': {
    one: 'Eine Aufnahme vom {from} bis {to}.',
    other: '{count} Aufnahmen vom {from} bis {to}.',
  },
  'doses.noDevice': 'Gerät nicht genannt',
  'doses.age': 'Alter in Jahren',
  'doses.allAges': 'Jedes Alter',
  'doses.exposures': 'Aufnahmen',
  'doses.stated': 'Genannt von',
  'doses.median': 'Median',
  'doses.few': 'aus wenigen',
  'doses.level': 'Referenzwert',
  'doses.above': 'darüber',
  'doses.third': 'Drittes Quartil',
  'doses.range': 'Spanne',
  'doses.byMonth': 'Median je Monat',
  'doses.unstated': {
    one: 'Eine Aufnahme, die keine Dosis nennt.',
    other: '{count} Aufnahmen; keine nennt eine Dosis.',
  },
  'doses.dapMgycm2': 'Dosisflächenprodukt',
  'doses.entranceMgy': 'Einfalldosis',
  'doses.ctdivolMgy': 'CTDIvol',
  'doses.dlpMgycm': 'Dosislängenprodukt',
  'age.0-3': '0 bis 3',
  'age.4-9': '4 bis 9',
  'age.10-13': '10 bis 13',
  'age.14-17': '14 bis 17',
  'age.18+': 'ab 18',
  'age.unknown': 'nicht bekannt',
  'levels.title': 'Referenzwerte',
  'levels.lead':
    'Porion bringt keine mit: Sie unterscheiden sich von Land zu Land und werden erneuert. Tragen Sie ein, welche hier gelten; ein Median darüber wird markiert.',
  'levels.set': 'Referenzwert eintragen',
  'levels.ages': 'Für',
  'levels.children': 'Kinder, bis 17 Jahre',
  'levels.adults': 'Erwachsene, ab 18 Jahren',
  'levels.quantity': 'Größe',
  'levels.source': 'Von wem, und wann',
  'levels.example': 'Behörde, Jahr',
};
export default de;
