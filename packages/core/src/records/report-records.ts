import * as z from 'zod';
import type { Immutable } from '../types/immutable.ts';

/** `reports/…/report.json`, the part that others than the report read; the rest is the page's data. */
export const reportRecordSchema = z.object({
  formatVersion: z.literal(1),
  planId: z.string(),
  reportId: z.string().optional(),
  /** Null where it was made without a comparison. */
  comparisonId: z.string().nullable(),
  runs: z.array(z.object({ status: z.string() })).optional(),
});

/** Whether a report has something to show of any run. Records of earlier versions may be of reports without. */
export function reportsResults({ runs = [] }: Immutable<z.output<typeof reportRecordSchema>>): boolean {
  return runs.some(({ status }) => status !== 'missing');
}
