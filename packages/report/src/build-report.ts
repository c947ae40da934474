import { encodeRecord, keys, plannedEvaluations, reportsResults } from '@bakeoff/core';
import type { Plan, PriceTable, RunFailure, Sources, StageContext } from '@bakeoff/core';
import { clientScript } from './client-script.ts';
import { assembleMeasurements } from './data/assemble-measurements.ts';
import { assembleReport } from './data/assemble.ts';
import { collect } from './data/collect.ts';
import { type LiveSource, nextChangeMs } from './data/live-source.ts';
import type { ModelName } from './data/told-models.ts';
import type { Measurements } from './data/measurements.ts';
import type { ReportData } from './data/report-data.ts';
import { pageMarkup } from './page/page.ts';

export interface ReportInput {
  readonly plan: Plan;
  /** What is known about its datasets' sources. A source that is absent is called by its name in the manifest. */
  readonly sources?: Sources;
  /** What people call a model, such as a preset's name; absent: its type. */
  readonly modelName?: ModelName;
}

export interface ReportOptions {
  /** Converts attempts on known machines into dollars; absent: the built-in prices. */
  readonly prices?: PriceTable;
  /** False leaves the test images' pictures out, so that the page may be published even if the dataset may not. */
  readonly pictures?: boolean;
  /** Why runs have no result, by run id, as recorded by the execution that started them. */
  readonly failures?: ReadonlyMap<string, RunFailure>;
  /** Called with what was read, before anything is written; it may throw to refuse. */
  readonly check?: (data: ReportData) => Promise<void>;
  /** For a page that follows the study. */
  readonly live?: LiveSource;
}

export interface BuiltReport {
  readonly reportId: string;
  readonly pageKey: string;
  /** The manifest's stable address; null if no run has results: such a page does not replace an earlier one. */
  readonly latestPageKey: string | null;
  /** The first data set's verdict, in one line of plain text; null in a report without experiments. */
  readonly verdict: string | null;
  /** The summary's sentences, plain text, one per line. */
  readonly summary: string;
}

/**
 * Reads a plan's records and packs them. The data name what is missing. `nextChangeMs`: when what a page that follows
 * the study says changes although nothing is written (milliseconds since the epoch); otherwise infinite.
 */
export async function readReport(
  { plan, sources = {}, modelName = ({ type }) => type }: ReportInput,
  { store, log, signal }: StageContext,
  { prices, pictures = true, failures, live }: ReportOptions = {},
): Promise<{ data: ReportData; measurements: Measurements; nextChangeMs: number }> {
  const total = plannedEvaluations(plan).length;
  const collected = await collect(store, plan, {
    pictures,
    signal,
    live,
    onRun: (done) => log({ type: 'progress', label: 'reading', done, total, unit: 'runs' }),
  });
  if (live === undefined && collected.comparison === null && collected.runs.some(({ record }) => record !== null))
    log({
      type: 'warning',
      text: 'No comparison of exactly these evaluations was found, so the report has no tests. Run `bakeoff compare` first.',
    });
  return {
    data: assembleReport(collected, sources, modelName),
    measurements: assembleMeasurements(collected, { prices, failures }),
    nextChangeMs: live === undefined ? Infinity : nextChangeMs(collected.runs, live.nowMs),
  };
}

/**
 * Writes `reports/<reportId>/index.html` and `report.json`, and, if any run has results, the same under the manifest's stable
 * address. The report is rebuilt each time: its inputs determine its id, but there may be new measurements. The page is written
 * before the record, so that the page a record names exists.
 */
export async function buildReport(
  input: ReportInput,
  context: StageContext,
  options: ReportOptions = {},
): Promise<BuiltReport> {
  const { data, measurements } = await readReport(input, context, options);
  await options.check?.(data);
  const page = new TextEncoder().encode(
    pageMarkup(data, measurements, { script: await clientScript(), sources: input.sources ?? {} }),
  );
  const record = encodeRecord(data);
  const { reportId, name } = data;
  const pageKey = keys.reportPage(reportId);
  await context.store.put(pageKey, page);
  await context.store.put(keys.reportRecord(reportId), record);
  const latestPageKey = reportsResults(data) ? keys.latestReportPage(name) : null;
  if (latestPageKey !== null) {
    await context.store.put(latestPageKey, page);
    await context.store.put(keys.latestReportRecord(name), record);
  }
  return {
    reportId,
    pageKey,
    latestPageKey,
    verdict: data.rankings[0]?.verdict ?? null,
    summary: data.summary.join('\n'),
  };
}
