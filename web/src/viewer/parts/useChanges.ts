import { useCallback, useEffect, useRef, useState } from 'react';

/** Renders again after `changed`, once a frame however often it is called. */
export function useChanges(): { changed: () => void; count: number } {
  const [count, setCount] = useState(0);
  const waiting = useRef(0);
  const changed = useCallback(() => {
    if (waiting.current) return;
    waiting.current = requestAnimationFrame(() => {
      waiting.current = 0;
      setCount((before) => before + 1);
    });
  }, []);
  useEffect(
    () => () => {
      cancelAnimationFrame(waiting.current);
      waiting.current = 0;
    },
    [],
  );
  return { changed, count };
}
