/** What a series of a chart stands for: an experiment with all its runs, or with one of them. */
export interface SeriesOf {
  readonly experiment: number;
  readonly runs: readonly number[];
}

/** Names a series in the page's marks and legends: its experiment, and its first run, which tells picked runs apart. */
export const seriesKey = ({ experiment, runs }: SeriesOf): string => `${experiment}.${runs[0] ?? ''}`;
