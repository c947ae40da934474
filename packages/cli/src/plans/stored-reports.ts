import { keys, prefixes, readJson, reportRecordSchema, reportsResults, type Store } from '@bakeoff/core';

/** The newest report of one manifest in a store. */
export interface StoredReport {
  readonly store: Store;
  /** The manifest's name. */
  readonly name: string;
  readonly pageKey: string;
  readonly modifiedMs: number;
}

/** The newest report of every manifest in a store that has a page. */
export async function listReports(store: Store): Promise<StoredReport[]> {
  const reports: StoredReport[] = [];
  for await (const { key, modifiedMs } of store.list(`${prefixes.reports}latest/`)) {
    const name = key.split('/')[2] ?? '';
    if (key === keys.latestReportPage(name)) reports.push({ store, name, pageKey: key, modifiedMs });
  }
  return reports;
}

/** The newest of some reports that has results; undefined without any. */
export async function newestReport(reports: readonly StoredReport[]): Promise<StoredReport | undefined> {
  for (const report of reports.toSorted((a, b) => b.modifiedMs - a.modifiedMs)) {
    const record = await readJson(report.store, keys.latestReportRecord(report.name), reportRecordSchema);
    if (record !== undefined && reportsResults(record)) return report;
  }
  return undefined;
}
