import type { Ref } from 'react';
import { Trouble } from '../parts/Trouble';
import type { Image } from '../source';
import type { FlatStage } from '../stage/flat';
import { basisLine, useWords } from '../words';
import { imageScale, type Step } from './picture';
import { usePicture } from './usePicture';

export interface PaneProps {
  readonly element: Ref<HTMLDivElement>;
  readonly stage: FlatStage | null;
  readonly view: number;
  readonly image: Image;
  readonly steps: readonly Step[];
  readonly step: number;
  readonly active: boolean;
  readonly activate: () => void;
  readonly caption: string | null;
}

/** One picture with its caption and, always in sight, what its scale rests on. */
export function Pane({ element, stage, view, image, steps, step, active, activate, caption }: PaneProps) {
  const words = useWords();
  const { say } = words;
  const { loading, error, again } = usePicture(stage, view, image, steps[step]);
  const scale = imageScale(image);
  return (
    <figure className="viewer-pane" data-active={active} onPointerDownCapture={activate}>
      <div ref={element} className="viewer-canvas" role="img" aria-label={caption ?? image.category ?? ''} />
      {loading && !error ? <p className="viewer-over">{say('loading')}</p> : null}
      {error ? <Trouble error={error} again={again} /> : null}
      {caption && <p className="viewer-caption">{caption}</p>}
      <figcaption className="viewer-foot">
        <span className="viewer-basis" data-basis={scale.basis}>
          {basisLine(words, scale)}
        </span>
        {scale.mm && !scale.even ? <span className="viewer-warn">{say('basis.uneven')}</span> : null}
        {steps.length > 1 && <span>{say('frame', { number: step + 1, whole: steps.length })}</span>}
        {stage && !loading && <Shown stage={stage} view={view} />}
      </figcaption>
    </figure>
  );
}

function Shown({ stage, view }: { stage: FlatStage; view: number }) {
  const { say } = useWords();
  const { window, zoom, mirrored, inverted } = stage.state(view);
  return (
    <span className="viewer-shown">
      {say('window.shown', { low: Math.round(window.low), high: Math.round(window.high) })} ·{' '}
      {Math.round(zoom * 100)} %{mirrored && <strong> · {say('mirrored')}</strong>}
      {inverted && <strong> · {say('inverted')}</strong>}
    </span>
  );
}
