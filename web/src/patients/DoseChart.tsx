import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useSpeech } from '../messages';
import type { Year } from './doses';

const HEIGHT = 140;

/** Dose-area product by month; the same numbers stand in the list of exposures. */
export function DoseChart({ year }: { year: Year }) {
  const { language, t } = useSpeech();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    const chart = new uPlot(optionsOf(box, year, language), dataOf(year), box);
    const resized = new ResizeObserver(() => chart.setSize({ width: box.clientWidth, height: HEIGHT }));
    resized.observe(box);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [year, language]);
  return (
    <figure className="chart">
      <figcaption className="small soft">{t('patients.dapByMonth')}</figcaption>
      <div ref={place} role="img" aria-label={t('patients.dapByMonth')} />
    </figure>
  );
}

function dataOf(year: Year): uPlot.AlignedData {
  return [year.months.map((_, at) => at), year.dap];
}

function optionsOf(box: HTMLElement, year: Year, language: string): uPlot.Options {
  const style = getComputedStyle(box);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--line'), width: 1 },
    font: '12px system-ui',
  };
  const month = new Intl.DateTimeFormat(language, { month: 'narrow' });
  return {
    width: box.clientWidth || 240,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [-0.6, 11.6] },
      y: { range: (_plot, _min, max) => [0, (max || 1) * 1.1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        splits: () => year.months.map((_, at) => at),
        values: (_plot, at) =>
          at.map((index) => (year.months[index] ? month.format(year.months[index]) : '')),
      },
      { ...axis, size: 48 },
    ],
    series: [
      {},
      {
        stroke: colour('--accent'),
        fill: colour('--accent'),
        paths: uPlot.paths.bars?.({ size: [0.7, 40] }) ?? (() => null),
        points: { show: false },
      },
    ],
  };
}
