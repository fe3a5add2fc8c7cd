import { describe, expect, it } from 'vitest';
import { pieces, visible } from './visible';

describe('text from files', () => {
  it.each([
    ['plain, Müller 木', 'plain, Müller 木'],
    ['a\u202eb', 'a⟨U+202E⟩b'],
    ['\u0000\u001b[31m', '⟨U+0000⟩⟨U+001B⟩[31m'],
    ['line\nbreak\ttab', 'line⟨U+000A⟩break⟨U+0009⟩tab'],
    ['zero\u200bwidth\ufeff', 'zero⟨U+200B⟩width⟨U+FEFF⟩'],
    ['tag\u{e0041}', 'tag⟨U+E0041⟩'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['', ''],
  ])('%j is shown as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('marks what stands for something else', () => {
    expect(pieces('a\u202eb')).toEqual([
      { text: 'a', escaped: false },
      { text: '⟨U+202E⟩', escaped: true },
      { text: 'b', escaped: false },
    ]);
  });
});
