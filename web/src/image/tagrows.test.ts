import { expect, it } from 'vitest';
import { groupOf, narrowed, type Row } from './tagrows';

const a = (tag: string, name: string, value: string, isPrivate = false): Row => ({
  path: tag,
  tag,
  keyword: name.replaceAll(' ', ''),
  name,
  vr: 'LO',
  value,
  private: isPrivate,
  depth: 0,
});
const rows = [
  a('(0010,0010)', "Patient's Name", 'Müller^Anna'),
  a('(0018,0060)', 'KVP', '85'),
  a('(0011,1001)', 'Private', 'x', true),
];

it('finds words in every column, all of them', () => {
  expect(narrowed(rows, 'müller', true).length).toBe(1);
  expect(narrowed(rows, '0018 85', true).length).toBe(1);
  expect(narrowed(rows, 'kvp müller', true).length).toBe(0);
});

it('leaves private rows out unless they are wanted', () => {
  expect(narrowed(rows, '', false).length).toBe(2);
  expect(narrowed(rows, '', true).length).toBe(3);
});

it('knows the group', () => {
  expect(rows.map(groupOf)).toEqual(['0010', '0018', '0011']);
});
