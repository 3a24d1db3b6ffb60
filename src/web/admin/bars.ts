// A small chart, drawn here as SVG: bars by day, one or two of them a day. Its figures stand in a table beside it.
export type Bars = {
  /** What each colour means, at most two. */
  series: string[];
  days: { day: string; values: number[] }[];
};

const width = 640;
const height = 120;
const gap = 0.25;

export type DrawnBar = { x: string; y: string; width: string; height: string; series: number };

/** In a picture of 640 by 120; the highest bar fills it. No bars where every value is 0. */
export function drawBars({ series, days }: Bars): { width: number; height: number; bars: DrawnBar[] } {
  const highest = Math.max(1, ...days.flatMap(({ values }) => values));
  const slot = width / Math.max(1, days.length);
  const barWidth = (slot * (1 - gap)) / Math.max(1, series.length);
  const bars = days.flatMap(({ values }, day) =>
    values.map((value, index): DrawnBar => {
      const barHeight = (value / highest) * height;
      return {
        x: (day * slot + (slot * gap) / 2 + index * barWidth).toFixed(1),
        y: (height - barHeight).toFixed(1),
        width: barWidth.toFixed(1),
        height: barHeight.toFixed(1),
        series: index,
      };
    }),
  );
  return { width, height, bars: days.some(({ values }) => values.some((value) => value > 0)) ? bars : [] };
}
