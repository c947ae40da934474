import type { RankedRow, Standing } from '../data/report-data.ts';

/** The mark of a ranked row, on the page and in the terminal, and what it means. */
export const STANDING_MARKS: Readonly<Record<Standing, readonly [mark: string, meaning: string]>> = {
  chosen: ['★', 'chosen by validation accuracy'],
  tied: ['≈', 'not shown to differ from it'],
  worse: ['▼', 'worse'],
  better: ['▲', 'better on the test images'],
  untested: ['·', 'not compared with it by a test'],
  noResult: ['–', 'no result'],
};

/** The standings that some rows have, in the order of the marks. */
export function standingsOf(rows: readonly Pick<RankedRow, 'standing'>[]): Standing[] {
  return (Object.keys(STANDING_MARKS) as Standing[]).filter((standing) =>
    rows.some((row) => row.standing === standing),
  );
}
