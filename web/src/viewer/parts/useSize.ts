import { type RefObject, useEffect, useRef } from 'react';

/** Calls `resized` when the element has another size. */
export function useSize(element: RefObject<HTMLElement | null>, resized: () => void): void {
  const latest = useRef(resized);
  latest.current = resized;
  useEffect(() => {
    if (!element.current) return undefined;
    const observer = new ResizeObserver(() => latest.current());
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
}
