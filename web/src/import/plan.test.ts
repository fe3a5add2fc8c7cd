import { expect, it } from 'vitest';
import { groupsOf, LARGE, type Picked, pauseBefore } from './plan';

const a = (size: number, path = 'a.dcm') => ({ file: { size } as File, path }) as Picked;

it('sends small files together and each large one by itself', () => {
  const groups = groupsOf([a(1000), a(LARGE), a(2000), a(0)]);
  expect(groups.map((group) => [group.files.length, group.resumable])).toEqual([
    [2, false],
    [1, true],
  ]);
});

it('begins a new group when one has enough bytes or files', () => {
  expect(groupsOf(Array.from({ length: 250 }, () => a(10))).map((group) => group.files.length)).toEqual([
    100, 100, 50,
  ]);
  expect(groupsOf([a(LARGE - 1), a(LARGE - 1), a(LARGE - 1)]).length).toBe(2);
});

it('waits longer before each try, within bounds', () => {
  expect([1, 2, 3, 10].map(pauseBefore)).toEqual([1, 2, 4, 30]);
});
