/** A cone-beam volume: three linked planes, and a fourth view of what is made of it. */

import { useEffect, useMemo, useRef, useState } from 'react';
import { volumeWindow } from '../grey/windows';
import type { Command } from '../keys';
import { Choice } from '../parts/Choice';
import { Help } from '../parts/Help';
import { Measurements } from '../parts/Measurements';
import { Toolbar } from '../parts/Toolbar';
import { Trouble } from '../parts/Trouble';
import { useKeys } from '../parts/useKeys';
import { useSize } from '../parts/useSize';
import type { Image } from '../source';
import { isHand } from '../stage/toolset';
import { COLOUR, HANDS, PLANES, type Plane } from '../stage/volume';
import { useWords } from '../words';
import { Cell } from './Cell';
import { Curve } from './Curve';
import { commandsOf } from './commands';
import { FourthCell } from './FourthCell';
import { BLENDS, FIRST, nextBlend, type Options, THICKNESSES, WINDOWS } from './options';
import { Status } from './Status';
import { usePanoramic } from './usePanoramic';
import { useVolume } from './useVolume';

const GROUPS: readonly (readonly Command[])[] = [
  ['crosshair', 'window', 'pan', 'zoom'],
  ['length', 'angle', 'cobb'],
  ['curve'],
  ['auto', 'invert', 'slab', 'reset'],
  ['zoomIn', 'zoomOut', 'previous', 'next'],
  ['help'],
];
const OFFERED = new Set<Command>([...GROUPS.flat(), 'remove', 'leave']);

export function VolumeView({ image }: { image: Image }) {
  const { say } = useWords();
  const elements = useRef<Partial<Record<string, HTMLDivElement>>>({});
  const body = useRef<HTMLDivElement>(null);
  const volume = useVolume(image.id, elements);
  const { stage, histogram, manifest } = volume;
  const [options, setOptions] = useState<Options>(FIRST);
  const [large, setLarge] = useState<string | null>(null);
  const [plane, setPlane] = useState<Plane>('axial');
  const [help, setHelp] = useState(false);
  const choose = (more: Partial<Options>): void => setOptions((before) => ({ ...before, ...more }));
  useSize(body, () => stage?.resize());
  // biome-ignore lint/correctness/useExhaustiveDependencies: another size of the cells needs another drawing
  useEffect(() => stage?.resize(), [stage, large, options.fourth]);
  useEffect(
    () => stage?.slab(options.blend, Number(options.thickness)),
    [stage, options.blend, options.thickness],
  );

  const curved = options.fourth === 'panoramic';
  const slab = { thickness: Number(options.across), blend: options.acrossBlend };
  const curve = usePanoramic(curved, stage, histogram, slab);

  const commands = useMemo(() => (stage ? commandsOf(stage, histogram) : {}), [stage, histogram]);
  const press = (command: Command): void => {
    if (command === 'help') setHelp(true);
    else if (command === 'leave') setLarge(null);
    else if (command === 'curve') choose({ fourth: options.fourth === 'panoramic' ? 'solid' : 'panoramic' });
    else if (command === 'slab') choose({ blend: nextBlend(options.blend) });
    else if (isHand(command)) stage?.take(command);
    else commands[command]?.(plane);
  };
  useKeys(OFFERED, press);
  const toggle = (cell: string): void => setLarge((before) => (before === cell ? null : cell));
  const place = (name: string) => (found: HTMLDivElement | null) => {
    if (found) elements.current[name] = found;
  };

  return (
    <div className="viewer" data-changes={volume.changes} data-complete={histogram !== null}>
      <Toolbar
        groups={GROUPS}
        on={new Set<string>([...(stage?.hand ? [stage.hand] : []), ...(curved ? ['curve' as const] : [])])}
        switches={new Set<Command>([...HANDS, 'curve'])}
        press={press}
      >
        <Choice
          name={say('window')}
          value=""
          none="–"
          options={WINDOWS.map((value) => ({ value, text: say(`window.${value}`) }))}
          choose={(name) => histogram && stage?.window(volumeWindow(name, histogram))}
        />
        <Choice
          name={say('slab')}
          value={options.blend}
          options={BLENDS.map((value) => ({ value, text: say(`slab.${value}`) }))}
          choose={(blend) => choose({ blend })}
        />
        {options.blend !== 'thin' && (
          <Choice
            name={say('slab.thickness')}
            value={options.thickness}
            options={THICKNESSES.map((value) => ({ value, text: say('slab.mm', { mm: value }) }))}
            choose={(thickness) => choose({ thickness })}
          />
        )}
      </Toolbar>
      <Status volume={volume} />
      <div className="viewer-grid" ref={body} data-large={large ?? undefined}>
        {PLANES.map((name) => (
          <Cell
            key={name}
            name={name}
            title={say(`plane.${name}`)}
            colour={COLOUR[name]}
            canvas={place(name)}
            large={large === name}
            enlarge={() => toggle(name)}
            active={plane === name}
            activate={() => setPlane(name)}
            manifest={manifest}
            over={
              name === 'axial' && curved && stage && curve.points.length > 1 ? (
                <Curve stage={stage} points={curve.points} thickness={slab.thickness} move={curve.move} />
              ) : null
            }
          >
            <span className="viewer-basis">{say('basis.volume')}</span>
          </Cell>
        ))}
        <FourthCell
          canvas={place('solid')}
          volume={volume}
          options={options}
          choose={choose}
          curve={curve}
          large={large === 'solid'}
          enlarge={() => toggle('solid')}
        />
        {volume.error ? <Trouble error={volume.error} again={volume.again} /> : null}
        <Measurements measurements={stage?.measurements() ?? []} remove={(uid) => stage?.remove(uid)} />
      </div>
      {help && <Help offered={OFFERED} close={() => setHelp(false)} />}
    </div>
  );
}
