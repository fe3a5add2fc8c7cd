import { describe, expect, it } from 'vitest';
import { type Command, commandOf, keyOf, keysFor, type Pressed } from './keys';

const offered = new Set<Command>(['invert', 'zoomIn', 'help', 'remove']);
const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  target: document.body,
  ...more,
});

describe('keys', () => {
  it('mean a command, in either case', () => {
    expect(commandOf(press('i'), offered)).toBe('invert');
    expect(commandOf(press('I'), offered)).toBe('invert');
    expect(commandOf(press('='), offered)).toBe('zoomIn');
  });
  it('mean nothing where the command is not offered', () =>
    expect(commandOf(press('l'), offered)).toBeNull());
  it("stay the browser's with a modifier", () =>
    expect(commandOf(press('i', { ctrlKey: true }), offered)).toBeNull());
  it('are letters while somebody types', () =>
    expect(commandOf(press('i', { target: document.createElement('input') }), offered)).toBeNull());
  it('are told once each', () => {
    const keys = keysFor(new Set(['window', 'help', 'invert', 'length'])).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyOf('length')).toBe('L');
  });
});
