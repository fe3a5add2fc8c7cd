import { useWords } from '../words';
import type { VolumeState } from './useVolume';

/** How far the loading is, what could not be shown, and the value where the planes meet. */
export function Status({ volume }: { volume: VolumeState }) {
  const { say } = useWords();
  const { progress, histogram, stage, manifest } = volume;
  const whole = progress?.whole ?? manifest?.slices.length ?? 0;
  const done = progress?.done ?? 0;
  if (!histogram && !volume.error) {
    return (
      <p className="viewer-status" role="status">
        <progress max={whole || 1} value={done} /> {say('loading.volume', { done, whole })}
      </p>
    );
  }
  const value = stage && histogram ? stage.valueAt(stage.centre) : null;
  return (
    <p className="viewer-status">
      {progress && progress.unshown > 0 && (
        <strong className="viewer-warn">
          {say('unshown.slices', { count: progress.unshown, why: progress.why })}
        </strong>
      )}
      <span>{value === null ? say('value.outside') : say('value', { value })}</span>
    </p>
  );
}
