import { encodeRecord, keys } from '@bakeoff/core';
import type { Plan, PriceTable, RunFailure, Sources, StageContext } from '@bakeoff/core';
import { clientScript } from './client-script.ts';
import { assembleMeasurements } from './data/assemble-measurements.ts';
import { assembleReport } from './data/assemble.ts';
import { collect } from './data/collect.ts';
import type { Measurements } from './data/measurements.ts';
import type { ReportData } from './data/report-data.ts';
import { pageMarkup } from './page/page.ts';

export interface ReportInput {
  readonly plan: Plan;
  /** What is known of its datasets' sources; one that is absent is called by its name in the manifest. */
  readonly sources?: Sources;
}

export interface ReportOptions {
  /** Turns attempts on known machines into dollars; absent: the prices that ship. */
  readonly prices?: PriceTable;
  /** False leaves the test images' pictures out, so that the page may be published where the dataset may not. */
  readonly pictures?: boolean;
  /** Why runs have no result, by run id, as whoever started them recorded it. */
  readonly failures?: ReadonlyMap<string, RunFailure>;
}

export interface BuiltReport {
  readonly reportId: string;
  readonly pageKey: string;
  readonly latestPageKey: string;
  /** The summary's sentences, plain text, one a line. */
  readonly summary: string;
}

/** Reads a plan's records and packs them; what is missing is named in the data. */
export async function readReport(
  { plan, sources = {} }: ReportInput,
  { store, log, signal }: StageContext,
  { prices, pictures = true, failures }: ReportOptions = {},
): Promise<{ data: ReportData; measurements: Measurements }> {
  const total = plan.runs.length;
  const collected = await collect(store, plan, {
    pictures,
    signal,
    onRun: (done) => log({ type: 'progress', label: 'reading', done, total, unit: 'runs' }),
  });
  if (collected.comparison === null)
    log({
      type: 'warning',
      text: 'No comparison of exactly these evaluations was found: the report has no tests. Run `bakeoff compare` first.',
    });
  return {
    data: assembleReport(collected, sources),
    measurements: assembleMeasurements(collected, { prices, failures }),
  };
}

/**
 * Writes `reports/<reportId>/index.html` and `report.json`, and the same under the manifest's stable address. The report is made anew each time: its inputs
 * decide its id, but measurements may have come since. It is written in order page, record, so that a record names a page that is there.
 */
export async function buildReport(
  input: ReportInput,
  context: StageContext,
  options: ReportOptions = {},
): Promise<BuiltReport> {
  const { data, measurements } = await readReport(input, context, options);
  const page = new TextEncoder().encode(
    pageMarkup(data, measurements, { script: await clientScript(), sources: input.sources ?? {} }),
  );
  const record = encodeRecord(data);
  const { reportId, name } = data;
  const pageKey = keys.reportPage(reportId);
  const latestPageKey = keys.latestReportPage(name);
  await context.store.put(pageKey, page);
  await context.store.put(keys.reportRecord(reportId), record);
  await context.store.put(latestPageKey, page);
  await context.store.put(keys.latestReportRecord(name), record);
  return { reportId, pageKey, latestPageKey, summary: data.summary.join('\n') };
}
