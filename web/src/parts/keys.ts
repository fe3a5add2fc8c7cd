/** Keys that do something on a screen, as long as nobody is typing. */
import { useEffect, useRef } from 'react';

export type Keys = Record<string, (event: KeyboardEvent) => void>;

/** Whether a key belongs to the field or dialog that has the focus. */
export function isTaken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog, input:not([type=checkbox]), select, textarea, [contenteditable]')) return true;
  // A button that has the focus is pressed by Enter; the screen must not act as well.
  return event.key === 'Enter' && target.closest('button, a, summary') !== null;
}

export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      const act = isTaken(event)
        ? undefined
        : current.current[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!act) return;
      event.preventDefault();
      act(event);
    }
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
}
