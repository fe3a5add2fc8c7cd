import { useEffect, useState } from 'react';
import type { Image } from '../source';
import type { FlatStage } from '../stage/flat';
import { imageScale, picture, type Step } from './picture';

/** Shows a frame in a view of the stage: whether it is still on its way, and what went wrong. */
export function usePicture(
  stage: FlatStage | null,
  view: number,
  image: Image | null,
  step: Step | undefined,
): { loading: boolean; error: unknown; again: () => void } {
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const [instance, frame, id] = [step?.instance, step?.frame, image?.id];
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scale of the same image does not fetch it again
  useEffect(() => {
    if (!stage || !image || !instance || !frame) return undefined;
    const abort = new AbortController();
    setLoading(true);
    setError(null);
    picture(image, { instance, frame }, `${stage.id}-${view}`, abort.signal)
      .then((made) => (abort.signal.aborted ? undefined : stage.show(view, made, imageScale(image))))
      .catch((failed: unknown) => {
        if (!abort.signal.aborted) setError(failed);
      })
      .finally(() => {
        if (!abort.signal.aborted) setLoading(false);
      });
    return () => abort.abort();
  }, [stage, view, id, instance, frame, attempt]);
  useEffect(() => {
    if (stage && image && !loading) stage.rescale(view, imageScale(image));
  }, [stage, view, image, loading]);
  return { loading, error, again: () => setAttempt((before) => before + 1) };
}
