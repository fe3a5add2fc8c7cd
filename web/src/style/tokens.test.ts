import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast } from './contrast';

const sheet = readFileSync('src/style/tokens.css', 'utf8');
const [light = '', dark = ''] = sheet.split('[data-theme="dark"]');

function colours(part: string): Record<string, string> {
  return Object.fromEntries(
    [...part.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = '', hex = '']) => [name, hex]),
  );
}

const GROUNDS = ['ground', 'card', 'sunk'];
const PAIRS: [string, string][] = [
  ...['ink', 'soft', 'accent', 'danger', 'person', 'verified'].flatMap((ink) =>
    GROUNDS.map((ground): [string, string] => [ink, ground]),
  ),
  ['on-accent', 'accent'],
  ['ink', 'accent-ground'],
  ['accent', 'accent-ground'],
  ['soft', 'accent-ground'],
  ...['danger', 'person', 'verified'].flatMap((kind): [string, string][] => [
    [kind, `${kind}-ground`],
    ['ink', `${kind}-ground`],
  ]),
];

describe.each([
  ['light', colours(light)],
  ['dark', colours(dark)],
])('%s colours', (_, named) => {
  it.each(PAIRS)('%s can be read on %s', (ink, ground) => {
    expect(contrast(named[ink] ?? '', named[ground] ?? '')).toBeGreaterThanOrEqual(4.5);
  });

  it('shows where a field ends (1.4.11 asks for 3:1)', () => {
    expect(contrast(named.edge ?? '', named.card ?? '')).toBeGreaterThanOrEqual(3);
  });
});
