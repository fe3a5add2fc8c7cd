import { getRenderingCapabilities, getShouldUseCPURendering } from '@cornerstonejs/core';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { type Histogram, histogram } from '../grey/histogram';
import { type GreyWindow, volumeWindow } from '../grey/windows';
import { useChanges } from '../parts/useChanges';
import { Unshown } from '../pixels/failure';
import { askFrames, fetchManifest, type Manifest } from '../source';
import { start } from '../stage/start';
import { type VolumeElements, VolumeStage } from '../stage/volume';
import { told, useWords } from '../words';
import { fill, makeRoom, type Progress } from './load';

// Ms between drawings while slices arrive: without a graphics card, drawing and loading share a processor.
const OFTEN = 400;
const SELDOM = 2000;

export interface VolumeState {
  readonly stage: VolumeStage | null;
  readonly manifest: Manifest | null;
  readonly progress: Progress | null;
  /** Known when everything has come. */
  readonly histogram: Histogram | null;
  readonly error: unknown;
  /** Rises whenever something on the stage has changed. */
  readonly changes: number;
  readonly again: () => void;
}

const EMPTY = { stage: null, manifest: null, progress: null, histogram: null, error: null };
let made = 0;

/** Fetches a volume and shows it in these elements while it comes. */
export function useVolume(
  id: string,
  elements: RefObject<Partial<Record<string, HTMLDivElement>>>,
): VolumeState {
  const words = useWords();
  const spoken = useRef(words);
  spoken.current = words;
  const { changed, count } = useChanges();
  const [state, setState] = useState<Omit<VolumeState, 'changes' | 'again'>>(EMPTY);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt fetches the same volume again
  useEffect(() => {
    const abort = new AbortController();
    let stage: VolumeStage | null = null;
    const tell = (more: Partial<VolumeState>): void => {
      if (!abort.signal.aborted) setState((before) => ({ ...before, ...more }));
    };
    const run = async (): Promise<void> => {
      // The frames are on their way while the manifest is read and the graphics start.
      const frames = askFrames(id, {}, abort.signal);
      frames.catch(() => undefined); // told below
      const [manifest] = await Promise.all([fetchManifest(id), start()]);
      if (abort.signal.aborted) return;
      if (getShouldUseCPURendering()) throw new Unshown('graphics');
      const room = makeRoom(manifest);
      const found = elements.current as unknown as VolumeElements;
      stage = new VolumeStage(
        `volume-${++made}`,
        found,
        room.voxels,
        { told: (one) => told(spoken.current, one) },
        changed,
      );
      tell({ stage, manifest });
      await stage.mount(firstWindow(manifest), manifest.pixels?.inverted ?? false);
      const draw = drawing(stage, tell);
      const progress = await fill(await frames, room, (slices, so) => {
        if (!abort.signal.aborted) draw.filled(slices, so);
      });
      if (abort.signal.aborted) return;
      draw.rest();
      const counted = histogram(room.voxels.data);
      stage.window(volumeWindow('auto', counted));
      tell({ progress, histogram: counted });
    };
    setState(EMPTY);
    run().catch((error: unknown) => tell({ error }));
    return () => {
      abort.abort();
      stage?.destroy();
    };
  }, [id, elements, changed, attempt]);
  return { ...state, changes: count, again: () => setAttempt((before) => before + 1) };
}

/** Until all values are known: those that the manifest says are possible or were measured. */
function firstWindow(manifest: Manifest): GreyWindow {
  const { least = 0, most = 4095 } = manifest.pixels?.values ?? {};
  return { low: least, high: Math.max(most, least + 1) };
}

/** Draws slices as they come, a few times a second and not one by one. */
function drawing(stage: VolumeStage, tell: (more: Partial<VolumeState>) => void) {
  const pause = getRenderingCapabilities().softwareRasterizer ? SELDOM : OFTEN;
  let waiting: number[] = [];
  let drawn = performance.now();
  let told = drawn;
  const now = (): void => {
    stage.filled(waiting);
    waiting = [];
    drawn = performance.now();
  };
  return {
    filled: (slices: number[], progress: Progress): void => {
      waiting.push(...slices);
      if (performance.now() - told > OFTEN) {
        told = performance.now();
        tell({ progress });
      }
      if (performance.now() - drawn > pause) now();
    },
    rest: now,
  };
}
