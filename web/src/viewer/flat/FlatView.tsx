/** Radiographs: one, or two dates beside each other. */

import { useMemo, useRef, useState } from 'react';
import type { Command } from '../keys';
import { Choice } from '../parts/Choice';
import { Help } from '../parts/Help';
import { Measurements } from '../parts/Measurements';
import { Toolbar } from '../parts/Toolbar';
import { Trouble } from '../parts/Trouble';
import { useKeys } from '../parts/useKeys';
import { useSize } from '../parts/useSize';
import type { Image } from '../source';
import type { FlatWindow } from '../stage/flat';
import type { Chosen } from '../stage/toolset';
import { useWords } from '../words';
import { Calibration } from './Calibration';
import { Comparing } from './Comparing';
import { doNow } from './commands';
import { Pane } from './Pane';
import { stepsOf } from './picture';
import { useFlatStage } from './useFlatStage';

const HANDS: readonly Chosen[] = ['window', 'pan', 'zoom', 'length', 'angle', 'cobb', 'calibrate'];
const GROUPS: readonly (readonly Command[])[] = [
  ['window', 'pan', 'zoom'],
  ['length', 'angle', 'cobb', 'calibrate'],
  ['auto', 'invert', 'rotate', 'flipHorizontal', 'flipVertical', 'reset'],
  ['zoomIn', 'zoomOut', 'previous', 'next'],
];
const WINDOWS: readonly FlatWindow[] = ['file', 'auto', 'whole'];

export interface FlatViewProps {
  readonly images: readonly [Image] | readonly [Image, Image];
  /** Lay an image beside this one, or take it away. */
  readonly compare: (id: string | null) => void;
  /** Go to the image before or after this one. */
  readonly turn: (by: 1 | -1) => void;
  readonly note?: string | undefined;
}

export function FlatView({ images, compare, turn, note }: FlatViewProps) {
  const { say } = useWords();
  const elements = useRef<(HTMLDivElement | null)[]>([]);
  const body = useRef<HTMLDivElement>(null);
  const { stage, error, changes } = useFlatStage(elements, HANDS, 'window');
  const [view, setView] = useState(0);
  const [steps, setSteps] = useState([0, 0]);
  const [help, setHelp] = useState(false);
  useSize(body, () => stage?.resize());
  const shown = useMemo(() => images.map(stepsOf), [images]);

  const scroll = (by: 1 | -1): void => {
    const count = shown[view]?.length ?? 1;
    if (count < 2) turn(by);
    else
      setSteps((now) =>
        now.map((step, i) => (i === view ? Math.min(Math.max(step + by, 0), count - 1) : step)),
      );
  };
  const press = (command: Command): void => {
    if (command === 'help') setHelp(true);
    else if (command === 'leave') compare(null);
    else if (command === 'previous' || command === 'next') scroll(command === 'next' ? 1 : -1);
    else if (stage) doNow(stage, view, command);
  };
  const two = images.length === 2;
  const offered = useMemo(
    () =>
      new Set<Command>([...GROUPS.flat(), 'remove', 'help', ...(two ? (['link', 'leave'] as const) : [])]),
    [two],
  );
  useKeys(offered, press);
  if (error) return <Trouble error={error} />;

  const measurements = stage?.measurements() ?? [];
  const on = new Set<string>([
    ...(stage?.hand ? [stage.hand] : []),
    ...(stage?.linked ? ['link' as const] : []),
  ]);
  return (
    <div className="viewer" data-changes={changes}>
      <Toolbar
        groups={[...GROUPS, ...(two ? [['link'] as const] : []), ['help']]}
        on={on}
        switches={new Set<Command>([...HANDS, 'link'])}
        press={press}
      >
        <Choice
          name={say('window')}
          value=""
          none="–"
          options={WINDOWS.map((value) => ({ value, text: say(`window.${value}`) }))}
          choose={(name) => stage?.window(view, name)}
        />
        <Comparing images={images} compare={compare} />
      </Toolbar>
      {note && <p className="viewer-note">{note}</p>}
      <div className="viewer-panes" ref={body} data-count={images.length}>
        {images.map((image, i) => (
          <Pane
            key={image.id}
            element={(found) => {
              elements.current[i] = found;
            }}
            stage={stage}
            view={i}
            image={image}
            steps={shown[i] ?? []}
            step={steps[i] ?? 0}
            active={two && i === view}
            activate={() => setView(i)}
            caption={two ? captionOf(image) : null}
          />
        ))}
        <Measurements measurements={measurements} remove={(uid) => stage?.remove(uid)} />
      </div>
      {stage?.hand === 'calibrate' && (
        <Calibration
          image={images[view] ?? images[0]}
          frame={shown[view]?.[steps[view] ?? 0]?.frame ?? 1}
          ruler={measurements.findLast((one) => one.kind === 'ruler' && stage.paneOf(one) === view) ?? null}
          finished={(uid) => {
            if (uid) stage.remove(uid);
            stage.take('window');
          }}
        />
      )}
      {help && <Help offered={offered} close={() => setHelp(false)} />}
    </div>
  );

  function captionOf(image: Image): string {
    return image.acquiredAt?.slice(0, 10) ?? say('compare.undated');
  }
}
