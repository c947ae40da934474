import type { ReportData } from './report-data.ts';

/** What sentences and rankings are made from. */
export type Facts = Omit<ReportData, 'summary' | 'caveats' | 'rankings'>;
