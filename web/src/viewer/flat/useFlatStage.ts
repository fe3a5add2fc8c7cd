import { type RefObject, useEffect, useState } from 'react';
import { useChanges } from '../parts/useChanges';
import { FlatStage } from '../stage/flat';
import { start } from '../stage/start';
import type { Hand } from '../stage/toolset';
import { told, useWords } from '../words';

let made = 0;

export interface FlatStageState {
  readonly stage: FlatStage | null;
  readonly error: unknown;
  /** Rises whenever something on the stage has changed. */
  readonly changes: number;
}

/** A stage on these elements, taken down with them. */
export function useFlatStage(
  elements: RefObject<(HTMLDivElement | null)[]>,
  hands: readonly Hand[],
  first: Hand,
): FlatStageState {
  const words = useWords();
  const { changed, count } = useChanges();
  const [stage, setStage] = useState<FlatStage | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let open: FlatStage | null = null;
    let wanted = true;
    start()
      .then(() => {
        if (!wanted) return;
        const found = (elements.current ?? []).filter((element) => element !== null);
        open = new FlatStage(`flat-${++made}`, found, hands, { told: (one) => told(words, one) }, changed);
        open.take(first);
        setStage(open);
      })
      .catch(setError);
    return () => {
      wanted = false;
      open?.destroy();
      setStage(null);
    };
  }, [elements, hands, first, words, changed]);
  return { stage, error, changes: count };
}
