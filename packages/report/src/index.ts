export { buildReport, readReport } from './build-report.ts';
export type { BuiltReport, ReportOptions } from './build-report.ts';
export type { Measurements, PriceTable } from './data/measurements.ts';
export type { ReportData } from './data/report-data.ts';
