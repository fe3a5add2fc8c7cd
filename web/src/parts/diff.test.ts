import { describe, expect, it } from 'vitest';
import { differences, type Letters } from './diff';

const marked = (runs: Letters[]) => runs.map((run) => (run.same ? run.text : `[${run.text}]`)).join('');

describe('letters that differ', () => {
  it.each([
    ['Müller', 'Mueller', 'M[ü]ller', 'M[ue]ller'],
    ['Anna', 'Anne', 'Ann[a]', 'Ann[e]'],
    ['ANNA', 'Anna', 'ANNA', 'Anna'],
    ['2012-03-04', '2012-04-03', '2012-0[3]-0[4]', '2012-0[4]-0[3]'],
    ['', 'Anna', '', '[Anna]'],
    ['Özil', 'Özil', 'Özil', 'Özil'],
  ])('%s and %s', (one, other, left, right) => {
    const [first, second] = differences(one, other);
    expect([marked(first), marked(second)]).toEqual([left, right]);
  });

  it('ends with texts as long as an attacker likes', () => {
    expect(differences('a'.repeat(100_000), 'b'.repeat(100_000))[0][0]?.text.length).toBe(200);
  });
});
