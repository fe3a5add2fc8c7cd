/** Addresses of the page: read, followed, written. */
import { useSyncExternalStore } from 'react';

export interface Place {
  screen: string;
  /** What the screen shows: a patient, an image, a pending item. */
  id: string | null;
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

/** The screen and the object that an address names; the bare address is the inbox. */
export function placeOf(pathname: string): Place {
  const [screen = '', id = ''] = pathname.split('/').filter(Boolean);
  return { screen: screen || 'inbox', id: id ? decodeURIComponent(id) : null };
}

/** The address of a screen, or of one object in it. */
export function addressOf(screen: string, id?: string | null): string {
  return id ? `/${screen}/${encodeURIComponent(id)}` : `/${screen}`;
}

export function navigate(address: string, options: { replace?: boolean } = {}): void {
  if (options.replace) window.history.replaceState(null, '', address);
  else window.history.pushState(null, '', address);
  for (const listener of listeners) listener();
}

export function usePlace(): Place {
  const address = useSyncExternalStore(subscribe, () => window.location.pathname);
  return placeOf(address);
}
