export { buildReport, readReport } from './build-report.ts';
export type { BuiltReport, ReportOptions } from './build-report.ts';
export { reportCsv } from './exports/csv.ts';
export type { Measurements } from './data/measurements.ts';
export { unpackReport } from './data/pack-report.ts';
export type { ReportData } from './data/report-data.ts';
export { reportMarkdown } from './exports/markdown-summary.ts';
