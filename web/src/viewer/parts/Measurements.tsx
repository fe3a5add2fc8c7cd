import type { Measurement } from '../stage/measuring';
import { quantity, told, useWords } from '../words';

export interface MeasurementsProps {
  readonly measurements: readonly Measurement[];
  readonly remove: (uid: string) => void;
}

/** What has been measured, to read and to remove; the last one is spoken when it changes. */
export function Measurements({ measurements, remove }: MeasurementsProps) {
  const words = useWords();
  const { say } = words;
  if (measurements.length === 0) return null;
  return (
    <section className="viewer-measurements" aria-label={say('measurements')} aria-live="polite">
      <ul>
        {measurements.map((measurement) => {
          const what = `${say(`measurement.${measurement.kind}`)} ${quantity(words, measurement)}`;
          return (
            <li key={measurement.uid}>
              <span>{say(`measurement.${measurement.kind}`)}</span>{' '}
              <strong>{quantity(words, measurement)}</strong>{' '}
              <span className="soft">{told(words, measurement)[1]}</span>
              <button
                type="button"
                className="quiet"
                aria-label={say('measurement.remove', { what })}
                onClick={() => remove(measurement.uid)}
              >
                ×
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
