import * as z from 'zod';

/** `reports/…/report.json`, the part that others than the report read; the rest is the page's data. */
export const reportRecordSchema = z.object({
  formatVersion: z.literal(1),
  planId: z.string(),
  /** Null where it was made without a comparison. */
  comparisonId: z.string().nullable(),
});
