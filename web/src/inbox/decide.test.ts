import { expect, it } from 'vitest';
import { after, type Candidate, type Item, type Look, moved, needed, nextLook, toggled } from './decide';

const items = ['a', 'b', 'c'].map((id) => ({ id })) as Item[];
const candidate = {
  evidence: [
    { field: 'given', level: 'same' },
    { field: 'birthDate', level: 'different' },
    { field: 'patientId', level: 'same' },
  ],
} as Candidate;

it('asks for one look at a certain candidate and two at everybody else', () => {
  expect([needed('certain'), needed('probable'), needed(undefined)]).toEqual([1, 2, 2]);
});

it('proposes to tick what agrees before what does not', () => {
  const ticked = new Set<Look>();
  for (const look of ['name', 'patientId', 'birthDate'] as const) {
    expect(nextLook(ticked, candidate)).toBe(look);
    ticked.add(look);
  }
});

it('goes to the next item, or to the one before when it was the last', () => {
  expect([after(items, 'a'), after(items, 'c'), after(items.slice(0, 1), 'a')]).toEqual(['b', 'b', null]);
});

it('moves within the list', () => {
  expect([moved(items, 'a', 1), moved(items, 'c', 1), moved(items, 'a', -1), moved(items, null, 1)]).toEqual([
    'b',
    'c',
    'a',
    'a',
  ]);
});

it('ticks and unticks', () => {
  const once = toggled(new Set<Look>(), 'name');
  expect([...once, ...toggled(once, 'name')]).toEqual(['name']);
});
