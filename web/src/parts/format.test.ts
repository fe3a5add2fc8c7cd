import { expect, it } from 'vitest';
import { ageOf, agoOf, bytesOf, dateOf, nameOf } from './format';

it('counts whole years up to the birthday', () => {
  expect(ageOf('2012-04-03', new Date(2026, 3, 2))).toBe(13);
  expect(ageOf('2012-04-03', new Date(2026, 3, 3))).toBe(14);
});

it('writes dates as the language does, and what is none as it stands', () => {
  expect(dateOf('2012-04-03', 'de')).toBe('03.04.2012');
  expect(dateOf('nonsense', 'de')).toBe('nonsense');
  expect(dateOf(null, 'en')).toBe('');
});

it('says how long ago in the largest unit that fits', () => {
  const now = new Date('2026-03-02T12:00:00Z').getTime();
  expect(agoOf('2026-03-02T10:00:00Z', 'en', now)).toBe('2 hours ago');
  expect(agoOf('2026-02-28T10:00:00Z', 'de', now)).toBe('vorgestern');
});

it('writes sizes and names', () => {
  expect(bytesOf(2048, 'en')).toBe('2 KiB');
  expect(bytesOf(5 * 1024 * 1024, 'de')).toBe('5 MiB');
  expect(nameOf({ family: 'Meyer', given: 'Anna', middle: 'Lena' })).toBe('Meyer, Anna Lena');
  expect(nameOf({ family: '', given: '' })).toBe('');
});
