import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useSpeech } from '../messages';

const HEIGHT = 140;

export interface Months {
  /** The first day of each month, oldest first. */
  months: Date[];
  /** A number for each; null where there is none, which is not zero. */
  values: (number | null)[];
}

interface MonthChartProps {
  of: Months;
  title: string;
  /** What is told of it where it is not seen; the title unless more is to be said. */
  label?: string;
}

/** A bar for each month; the same numbers stand beside it in words. */
export function MonthChart({ of, title, label = title }: MonthChartProps) {
  const { language } = useSpeech();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    const chart = new uPlot(optionsOf(box, of, language), dataOf(of), box);
    const resized = new ResizeObserver(() => chart.setSize({ width: box.clientWidth, height: HEIGHT }));
    resized.observe(box);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [of, language]);
  return (
    <figure className="chart">
      <figcaption className="small soft">{title}</figcaption>
      <div ref={place} role="img" aria-label={label} />
    </figure>
  );
}

function dataOf({ months, values }: Months): uPlot.AlignedData {
  return [months.map((_, at) => at), values];
}

function optionsOf(box: HTMLElement, { months }: Months, language: string): uPlot.Options {
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
      x: { time: false, range: [-0.6, months.length - 0.4] },
      y: { range: (_plot, _min, max) => [0, (max || 1) * 1.1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        splits: () => months.map((_, at) => at).filter((at) => at % Math.ceil(months.length / 13) === 0),
        values: (_plot, at) => at.map((index) => (months[index] ? month.format(months[index]) : '')),
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
