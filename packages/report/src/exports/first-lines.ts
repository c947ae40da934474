import { keys, readJson, reportRecordSchema, type Store } from '@bakeoff/core';
import type { RankedRow, ReportData } from '../data/report-data.ts';
import { rowName } from '../verdicts/names.ts';
import { type RankedCosts, rankedCosts } from '../verdicts/ranked-costs.ts';
import { STANDING_MARKS, standingsOf } from '../verdicts/standing-marks.ts';

/** What the first lines of a report's page say, of one data set. */
export interface FirstLines {
  readonly source: string;
  /** One line of plain text. */
  readonly verdict: string;
  /** Ranked by validation accuracy. */
  readonly rows: readonly FirstLinesRow[];
  /** The marks of the rows with what they mean. */
  readonly marks: readonly (readonly [mark: string, meaning: string])[];
}

export interface FirstLinesRow
  extends Pick<RankedRow, 'standing' | 'estimate' | 'interval' | 'trainings' | 'planned' | 'macs'>, RankedCosts {
  readonly mark: string;
  readonly name: string;
  /** Sample standard deviation of the test accuracy over seeds; null with fewer than two. */
  readonly deviation: number | null;
}

/** Of the training of a run, over all its attempts; null: nothing was measured, or it has no price. */
export interface TrainingCost {
  readonly seconds: number | null;
  readonly dollars: number | null;
}

/**
 * The first lines of the newest report of a manifest, as its record has them, if it is of this plan; undefined
 * otherwise. `costOf` gives what the training of a run took, by its id.
 */
export async function readFirstLines(
  store: Store,
  { name, planId }: { readonly name: string; readonly planId: string },
  costOf: (runId: string) => TrainingCost,
): Promise<FirstLines[] | undefined> {
  const record = await readJson(store, keys.latestReportRecord(name), reportRecordSchema);
  return record?.planId === planId ? firstLines(record as unknown as ReportData, costOf) : undefined;
}

/** What the page of these data says first, by data set. */
export function firstLines(data: ReportData, costOf: (runId: string) => TrainingCost): FirstLines[] {
  const runs = data.runs.map(({ runId }) => {
    const { seconds, dollars } = costOf(runId.split(':')[0]!);
    return seconds === null ? null : { attempts: [seconds], wallSeconds: seconds, dollars };
  });
  return data.rankings.map((ranking) => ({
    source: data.datasets[ranking.dataset]?.source ?? '',
    verdict: ranking.verdict,
    rows: ranking.rows.map((row) => rowOf(data, row, rankedCosts(data, { runs }, row))),
    marks: standingsOf(ranking.rows).map((standing) => STANDING_MARKS[standing]),
  }));
}

function rowOf(data: ReportData, row: RankedRow, costs: RankedCosts): FirstLinesRow {
  const { standing, estimate, interval, trainings, planned, macs } = row;
  return {
    standing,
    mark: STANDING_MARKS[standing][0],
    name: rowName(data, row),
    estimate,
    deviation: estimate === null ? null : (data.experiments[row.experiment]?.test?.standardDeviation ?? null),
    interval,
    trainings,
    planned,
    macs,
    ...costs,
  };
}
