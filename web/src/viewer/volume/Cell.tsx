import type { ReactNode, Ref } from 'react';
import type { Manifest } from '../source';
import { useWords } from '../words';

export interface CellProps {
  readonly name: string;
  readonly title: string;
  readonly colour?: string;
  readonly canvas: Ref<HTMLDivElement>;
  readonly large: boolean;
  readonly enlarge: () => void;
  readonly active?: boolean;
  readonly activate?: () => void;
  readonly manifest: Manifest | null;
  /** What lies over the drawing. */
  readonly over?: ReactNode;
  readonly children?: ReactNode;
}

/** One view of a volume with its name, and over all of them whether slices are missing. */
export function Cell({ name, title, canvas, large, enlarge, manifest, over, children, ...more }: CellProps) {
  return (
    <figure
      className="viewer-pane"
      data-cell={name}
      data-large={large || undefined}
      data-active={more.active ?? false}
      onPointerDownCapture={more.activate}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button below does the same by keyboard */}
      <div className="viewer-canvas" onDoubleClick={enlarge}>
        <div ref={canvas} className="viewer-drawing" role="img" aria-label={title} />
        {over}
      </div>
      <p className="viewer-caption" style={{ color: more.colour }}>
        {title}
      </p>
      {manifest && <Missing manifest={manifest} />}
      <Foot large={large} enlarge={enlarge} title={title}>
        {children}
      </Foot>
    </figure>
  );
}

function Foot(props: { large: boolean; enlarge: () => void; title: string; children: ReactNode }) {
  const { say } = useWords();
  return (
    <figcaption className="viewer-foot">
      {props.children}
      <button
        type="button"
        className="viewer-enlarge quiet"
        aria-pressed={props.large}
        aria-label={`${props.title}: ${say('plane.larger')}`}
        title={say('plane.larger')}
        onClick={props.enlarge}
      >
        {props.large ? '⤡' : '⤢'}
      </button>
    </figcaption>
  );
}

/** A volume with gaps is never shown as a whole one. */
export function Missing({ manifest }: { manifest: Manifest }) {
  const { say } = useWords();
  if (manifest.verdict === 'complete') return null;
  return (
    <p className="viewer-incomplete">
      {say('incomplete', { missing: manifest.missing, whole: manifest.slices.length + manifest.missing })}
    </p>
  );
}
