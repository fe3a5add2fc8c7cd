import { useEffect, useRef } from 'react';
import { type Command, commandOf } from '../keys';

/** Lets the keys of these commands work while the viewer is on the screen. */
export function useKeys(offered: ReadonlySet<Command>, press: (command: Command) => void): void {
  const latest = useRef({ offered, press });
  latest.current = { offered, press };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (document.querySelector('dialog[open]')) return;
      const command = commandOf(event, latest.current.offered);
      if (!command) return;
      event.preventDefault();
      latest.current.press(command);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
