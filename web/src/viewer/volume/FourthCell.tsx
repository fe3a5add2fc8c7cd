import { type Ref, useEffect } from 'react';
import { Choice } from '../parts/Choice';
import { useWords } from '../words';
import { Cell } from './Cell';
import { MadePicture } from './MadePicture';
import { FOURTHS, type Options, RAYS, RENDERINGS, THICKNESSES } from './options';
import { useCeph } from './useCeph';
import type { PanoramicState } from './usePanoramic';
import type { VolumeState } from './useVolume';

export interface FourthCellProps {
  readonly canvas: Ref<HTMLDivElement>;
  readonly volume: VolumeState;
  readonly options: Options;
  readonly choose: (more: Partial<Options>) => void;
  readonly curve: PanoramicState;
  readonly large: boolean;
  readonly enlarge: () => void;
}

/** Three dimensions, or a picture computed from the volume. */
export function FourthCell({ canvas, volume, options, choose, curve, large, enlarge }: FourthCellProps) {
  const { say } = useWords();
  const { stage, histogram, manifest } = volume;
  const { fourth } = options;
  const ceph = useCeph(fourth === 'ceph', stage, histogram, options.rays === 'parallel');
  useEffect(() => {
    if (!stage || !histogram) return undefined;
    return afterDrawing(() => void stage.showSolid(FIRST_RENDERING, histogram));
  }, [stage, histogram]);
  useEffect(() => {
    if (stage && histogram) stage.renderSolid(options.rendering, histogram);
  }, [stage, histogram, options.rendering]);
  const made = fourth === 'panoramic' ? curve.made : ceph.made;
  return (
    <Cell
      name="solid"
      title={say(fourth === 'solid' ? 'fourth.solid' : `made.${fourth}`)}
      canvas={canvas}
      large={large}
      enlarge={enlarge}
      manifest={manifest}
      over={
        fourth !== 'solid' && (
          <>
            <MadePicture key={fourth} name={fourth} made={made} hand={stage?.hand ?? null} />
            {fourth === 'ceph' && !made && (
              <p className="viewer-over">{say('made.working', { share: Math.round(ceph.share * 100) })}</p>
            )}
          </>
        )
      }
    >
      <span className="viewer-options">
        <Choice
          quiet
          name={say('fourth')}
          value={fourth}
          options={FOURTHS.map((value) => ({ value, text: say(`fourth.${value}`) }))}
          choose={(value) => choose({ fourth: value })}
        />
        <More {...{ options, choose, curve }} />
      </span>
    </Cell>
  );
}

const FIRST_RENDERING = 'bone';

/** The planes come first: without a graphics card three dimensions take seconds. What comes back calls it off. */
function afterDrawing(work: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(work);
  });
  return () => cancelAnimationFrame(frame);
}

/** What can be chosen about the fourth view as it is. */
function More({ options, choose, curve }: Pick<FourthCellProps, 'options' | 'choose' | 'curve'>) {
  const { say } = useWords();
  if (options.fourth === 'solid') {
    return (
      <Choice
        quiet
        name={say('solid')}
        value={options.rendering}
        options={RENDERINGS.map((value) => ({ value, text: say(`solid.${value}`) }))}
        choose={(rendering) => choose({ rendering })}
      />
    );
  }
  if (options.fourth === 'ceph') {
    return (
      <>
        <Choice
          quiet
          name={say('ceph.rays')}
          value={options.rays}
          options={RAYS.map((value) => ({ value, text: say(`ceph.${value}`) }))}
          choose={(rays) => choose({ rays })}
        />
        <span className="viewer-basis">
          {say(options.rays === 'parallel' ? 'basis.parallel' : 'basis.middle')}
        </span>
      </>
    );
  }
  return (
    <>
      <Choice
        quiet
        name={say('curve.thickness')}
        value={options.across}
        options={THICKNESSES.map((value) => ({ value, text: say('slab.mm', { mm: value }) }))}
        choose={(across) => choose({ across })}
      />
      <Choice
        quiet
        name={say('curve.blend')}
        value={options.acrossBlend}
        options={(['mean', 'max'] as const).map((value) => ({ value, text: say(`slab.${value}`) }))}
        choose={(acrossBlend) => choose({ acrossBlend })}
      />
      <button type="button" className="quiet" onClick={curve.again}>
        {say('curve.again')}
      </button>
      <span className="viewer-basis">{say('basis.alongCurve')}</span>
    </>
  );
}
