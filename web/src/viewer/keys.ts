/** Keys and what they do; one table for the keyboard, the tools' hints and the help sheet. */

export type Command =
  | 'window'
  | 'pan'
  | 'zoom'
  | 'length'
  | 'angle'
  | 'cobb'
  | 'calibrate'
  | 'crosshair'
  | 'curve'
  | 'auto'
  | 'invert'
  | 'rotate'
  | 'flipHorizontal'
  | 'flipVertical'
  | 'reset'
  | 'zoomIn'
  | 'zoomOut'
  | 'previous'
  | 'next'
  | 'remove'
  | 'link'
  | 'slab'
  | 'help'
  | 'leave';

export interface Key {
  readonly key: string;
  readonly shift?: boolean;
  readonly command: Command;
}

const KEYS: readonly Key[] = [
  { key: 'w', command: 'window' },
  { key: 'p', command: 'pan' },
  { key: 'z', command: 'zoom' },
  { key: 'l', command: 'length' },
  { key: 'a', command: 'angle' },
  { key: 'c', command: 'cobb' },
  { key: 'k', command: 'calibrate' },
  { key: 'x', command: 'crosshair' },
  { key: 'o', command: 'curve' },
  { key: 'u', command: 'auto' },
  { key: 'i', command: 'invert' },
  { key: 'r', command: 'rotate' },
  { key: 'h', command: 'flipHorizontal' },
  { key: 'v', command: 'flipVertical' },
  { key: 'Home', command: 'reset' },
  { key: '+', command: 'zoomIn' },
  { key: '-', command: 'zoomOut' },
  { key: 'PageUp', command: 'previous' },
  { key: 'PageDown', command: 'next' },
  { key: 'Delete', command: 'remove' },
  { key: 'j', command: 'link' },
  { key: 's', command: 'slab' },
  { key: '?', command: 'help' },
  { key: 'Escape', command: 'leave' },
];

/** The keys that do something where these commands are offered. */
export function keysFor(commands: ReadonlySet<Command>): Key[] {
  return KEYS.filter(({ command }) => commands.has(command));
}

/** The key of a command as it is shown. */
export function keyOf(command: Command): string {
  const key = KEYS.find((one) => one.command === command)?.key ?? '';
  return key.length === 1 ? key.toUpperCase() : key;
}

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly target: EventTarget | null;
}

/** What a key press asks for; null while somebody types, or where a browser's own shortcut is meant. */
export function commandOf(pressed: Pressed, offered: ReadonlySet<Command>): Command | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || typing(pressed.target)) return null;
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  const plus = key === '=' ? '+' : key; // the same key without shift on many keyboards
  const found = KEYS.find((one) => one.key === plus)?.command;
  return found && offered.has(found) ? found : null;
}

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName))
  );
}
