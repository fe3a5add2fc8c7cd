import { useId, useMemo } from 'react';
import { type Key, useSpeech, useT } from '../messages';
import { Data } from '../parts/Data';
import { MonthChart } from '../parts/MonthChart';
import { categoryKey } from '../parts/words';
import {
  type Days,
  type Figures,
  type Group,
  type Level,
  medians,
  type Quantity,
  type Spread,
  spreadOf,
} from './figures';

/** What one device took for one kind of image: each quantity by age in a table, and its median by month. */
export function DeviceDoses({ group, days }: { group: Group; days: Days }) {
  const t = useT();
  const heading = useId();
  return (
    <section className="card stack" aria-labelledby={heading}>
      <h2 id={heading}>
        {t(categoryKey(group.category))}
        <span className="soft"> · {group.device ? <Data>{group.device}</Data> : t('doses.noDevice')}</span>
      </h2>
      {group.spreads.length === 0 && (
        <p className="soft">{t('doses.unstated', { count: group.exposures })}</p>
      )}
      {group.spreads.map((spread) => (
        <Doses
          key={spread.quantity}
          group={group}
          quantity={spread.quantity}
          unit={spread.unit}
          days={days}
        />
      ))}
    </section>
  );
}

interface DosesProps {
  group: Group;
  quantity: Quantity;
  unit: string;
  days: Days;
}

function Doses({ group, quantity, unit, days }: DosesProps) {
  const t = useT();
  const course = useMemo(() => medians(group, quantity, days.from, days.to), [group, quantity, days]);
  const what = `${t(`doses.${quantity}`)}, ${unit}`;
  return (
    <div className="doses">
      <div className="wide">
        <table>
          <caption>{what}</caption>
          <thead>
            <tr>
              <th scope="col">{t('doses.age')}</th>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" className="number">
                  {t(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {group.byAge.map((part) => (
              <Row
                key={part.age}
                name={t(`age.${part.age}`)}
                of={part}
                quantity={quantity}
                level={part.levels.find((one) => one.quantity === quantity)}
              />
            ))}
            {group.byAge.length > 1 && <Row name={t('doses.allAges')} of={group} quantity={quantity} />}
          </tbody>
        </table>
      </div>
      <div className="stack">
        <MonthChart of={course} title={t('doses.byMonth')} label={`${t('doses.byMonth')}: ${what}`} />
        <Course group={group} quantity={quantity} />
      </div>
    </div>
  );
}

/** The months of the chart in words, with how many exposures each median rests on. */
function Course({ group, quantity }: { group: Group; quantity: Quantity }) {
  const { language, t } = useSpeech();
  const month = new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric' });
  const number = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  return (
    <details>
      <summary className="small">{t('doses.months')}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('doses.month')}</th>
            <th scope="col" className="number">
              {t('doses.stated')}
            </th>
            <th scope="col" className="number">
              {t('doses.median')}
            </th>
          </tr>
        </thead>
        <tbody>
          {group.byMonth.map((part) => {
            const found = spreadOf(part, quantity);
            return (
              <tr key={part.month}>
                <th scope="row">{month.format(new Date(`${part.month}-01T00:00:00`))}</th>
                <td className="number">{found?.count ?? 0}</td>
                <td className="number">
                  {found && <Median of={found} shown={number.format(found.median)} />}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}

/** A median, and whether it rests on enough to say something. */
function Median({ of, shown }: { of: Spread; shown: string }) {
  const t = useT();
  if (of.enough) return <strong>{shown}</strong>;
  return (
    <>
      <span className="soft">{t('doses.few')} </span>
      {shown}
    </>
  );
}

const COLUMNS = [
  'doses.exposures',
  'doses.stated',
  'doses.median',
  'doses.level',
  'doses.third',
  'doses.range',
] as const satisfies Key[];

interface RowProps {
  name: string;
  of: Figures;
  quantity: Quantity;
  level?: Level | undefined;
}

function Row({ name, of, quantity, level }: RowProps) {
  const { language, t } = useSpeech();
  const number = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const found = spreadOf(of, quantity);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="number">{of.exposures}</td>
      <td className="number">{found?.count ?? 0}</td>
      <td className="number">{found && <Median of={found} shown={number.format(found.median)} />}</td>
      <td className="number">
        {level?.exceeded && <span className="tag person">{t('doses.above')}</span>}{' '}
        {level && <span title={level.source}>{number.format(level.value)}</span>}
      </td>
      <td className="number">{found && number.format(found.thirdQuartile)}</td>
      <td className="number">
        {found && `${number.format(found.lowest)} – ${number.format(found.highest)}`}
      </td>
    </tr>
  );
}
