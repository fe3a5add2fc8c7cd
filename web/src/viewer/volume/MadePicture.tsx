/** A picture computed from the volume, drawn and measured as radiographs are. */

import { useEffect, useRef, useState } from 'react';
import { useFlatStage } from '../flat/useFlatStage';
import type { Scale } from '../geometry/scale';
import { Measurements } from '../parts/Measurements';
import { Trouble } from '../parts/Trouble';
import { useSize } from '../parts/useSize';
import type { Made } from '../reformat/voxels';
import type { FlatStage } from '../stage/flat';
import { register } from '../stage/picture';
import type { Hand } from '../stage/toolset';

const HANDS: readonly Hand[] = ['window', 'pan', 'zoom', 'length', 'angle', 'cobb'];

export interface MadePictureProps {
  readonly name: string;
  readonly made: Made | null;
  /** The tool in hand over the planes works here as well. */
  readonly hand: Hand | null;
}

let shown = 0;

export function MadePicture({ name, made, hand }: MadePictureProps) {
  const body = useRef<HTMLDivElement>(null);
  const elements = useRef<(HTMLDivElement | null)[]>([]);
  const { stage, error } = useFlatStage(elements, HANDS, 'window');
  const [failed, setFailed] = useState<unknown>(null);
  useSize(body, () => stage?.resize());
  useEffect(() => {
    if (stage && made) show(stage, name, made).catch(setFailed);
  }, [stage, name, made]);
  useEffect(() => {
    if (stage && hand && HANDS.includes(hand)) stage.take(hand);
  }, [stage, hand]);
  return (
    <div className="viewer-made" ref={body}>
      <div
        className="viewer-drawing"
        role="img"
        aria-label={name}
        ref={(found) => {
          elements.current[0] = found;
        }}
      />
      {error || failed ? <Trouble error={error ?? failed} /> : null}
      <Measurements measurements={stage?.measurements() ?? []} remove={(uid) => stage?.remove(uid)} />
    </div>
  );
}

async function show(stage: FlatStage, name: string, made: Made): Promise<void> {
  const id = `made-${name}-${++shown}`;
  const { columns, rows, spacing } = made;
  await stage.show(0, register({ id, samples: made.data, columns, rows, spacing }), scaleOfMade(made));
}

/** Computed on the volume's own grid: calibrated as far as the caption beside it says. */
function scaleOfMade({ spacing }: Made): Scale {
  return { basis: 'calibrated', mm: spacing, shape: spacing, even: true };
}
