/** Cornerstone's events, on one view or on all of them. */

import { eventTarget } from '@cornerstonejs/core';

/** Call `heard` at each event; what comes back stops that. */
export function listen(element: HTMLElement | null, event: string, heard: () => void): () => void {
  const target: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> = element ?? eventTarget;
  const listener = (): void => heard();
  target.addEventListener(event, listener);
  return () => target.removeEventListener(event, listener);
}
