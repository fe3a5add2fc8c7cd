import { expect, it } from 'vitest';
import { MOST, NOTHING_TYPED, nameKey, questionOf, type Typed } from './question';

const TODAY = new Date(2026, 2, 2, 9, 30);

function keys(typed: Partial<Typed>) {
  return questionOf({ ...NOTHING_TYPED, ...typed }, ['PACS'], TODAY).keys;
}

it.each([
  ['Muster', 'Muster*'],
  ['Muster, Anna', 'Muster*^Anna*'],
  ['  ', ''],
  ['*anna*', '*anna*'],
  ['M?ller', 'M?ller'],
  ['Muster^Anna', 'Muster^Anna'],
])('the name %s is asked for as %s', (name, key) => {
  expect(nameKey(name)).toBe(key);
});

it('asks for studies, a limited number of each node, and for nothing that was not typed', () => {
  expect(questionOf(NOTHING_TYPED, ['A', 'B'], TODAY)).toEqual({
    nodes: ['A', 'B'],
    level: 'STUDY',
    keys: {},
    limit: MOST,
  });
});

it('writes days and ranges of them', () => {
  expect(keys({ when: 'today' })).toEqual({ StudyDate: '2026-03-02' });
  expect(keys({ when: 'week' })).toEqual({ StudyDate: '2026-02-24-2026-03-02' });
  expect(keys({ when: 'own', from: '2026-01-01', to: '' })).toEqual({ StudyDate: '2026-01-01-' });
  expect(keys({ when: 'own', from: '', to: '2026-01-31' })).toEqual({ StudyDate: '-2026-01-31' });
  expect(keys({ when: 'own' })).toEqual({});
});

it('leaves a range aside that is not chosen any more', () => {
  expect(keys({ when: 'any', from: '2026-01-01', to: '2026-01-31' })).toEqual({});
});

it('asks by everything else under its keyword', () => {
  expect(
    keys({ patientId: ' P-1 ', birthDate: '2012-04-03', modality: 'OPG', accession: 'A1 ', name: 'Xu' }),
  ).toEqual({
    PatientName: 'Xu*',
    PatientID: 'P-1',
    PatientBirthDate: '2012-04-03',
    ModalitiesInStudy: 'OPG',
    AccessionNumber: 'A1',
  });
});
