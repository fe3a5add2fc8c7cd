import { expect, it } from 'vitest';
import { type Found, hereOf, isOutcome, isoOf, keyOf, Lines, personOf, retrievalOf, textOf } from './answers';

function found(attributes: Record<string, unknown>, more: Partial<Found> = {}): Found {
  return {
    node: 'PACS',
    level: 'STUDY',
    attributes,
    held: 0,
    stated: 4,
    patientId: null,
    patient: null,
    grade: null,
    modalities: [],
    ...more,
  };
}

it('puts lines together from pieces, and keeps what is not whole', () => {
  const lines = new Lines();
  expect(lines.take('{"a":')).toEqual([]);
  expect(lines.take('1}\n\n{"b":2}\n{"c"')).toEqual(['{"a":1}', '{"b":2}']);
  expect(lines.take(':3}\n')).toEqual(['{"c":3}']);
});

it('tells how a node ended from what it answered', () => {
  expect(isOutcome(found({}))).toBe(false);
  expect(isOutcome({ node: 'PACS', answers: 0, capped: false, way: 'dicom', error: null })).toBe(true);
});

it('reads texts, several values and none', () => {
  const one = found({
    ModalitiesInStudy: ['PX', 'DX'],
    StudyDescription: null,
    NumberOfStudyRelatedSeries: 2,
  });
  expect(textOf(one, 'ModalitiesInStudy')).toBe('PX\\DX');
  expect(textOf(one, 'StudyDescription')).toBe('');
  expect(textOf(one, 'NumberOfStudyRelatedSeries')).toBe('2');
  expect(textOf(one, 'StudyID')).toBe('');
});

it.each([
  ['20120403', '2012-04-03'],
  ['20121303', '20121303'],
  ['20120231', '20120231'],
  ['2012', '2012'],
  ['', ''],
  ['<script>', '<script>'],
])('the date %s is %s', (date, iso) => {
  expect(isoOf(date)).toBe(iso);
});

it.each([
  ['Muster^Anna', 'Muster, Anna'],
  ['Muster^Anna^Lena^Dr.^jr.', 'Muster, Anna Lena, Dr., jr.'],
  ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou (山田, 太郎, やまだ, たろう)'],
  ['=山田^太郎', '山田, 太郎'],
  ['^^^^', ''],
  ['', ''],
])('the name %s is %s', (name, shown) => {
  expect(personOf(name)).toBe(shown);
});

it('says how much is here, and never that all of an unknown number is', () => {
  expect(hereOf({ held: 4, stated: 4 })).toBe('all');
  expect(hereOf({ held: 5, stated: 4 })).toBe('all');
  expect(hereOf({ held: 3, stated: 4 })).toBe('some');
  expect(hereOf({ held: 3, stated: null })).toBe('some');
  expect(hereOf({ held: 0, stated: 0 })).toBe('none');
  expect(hereOf({ held: null, stated: 4 })).toBe('none');
});

it('asks for a study, or for one series of it', () => {
  const study = found({ StudyInstanceUID: '1.2' });
  const series = found({ StudyInstanceUID: '1.2', SeriesInstanceUID: '1.2.3' }, { level: 'SERIES' });
  expect(retrievalOf(study)).toEqual({ node: 'PACS', studyInstanceUid: '1.2', seriesInstanceUid: '' });
  expect(retrievalOf(series)).toEqual({ node: 'PACS', studyInstanceUid: '1.2', seriesInstanceUid: '1.2.3' });
  expect(keyOf(study)).not.toBe(keyOf(series));
});
