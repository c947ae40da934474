export type { Interval } from './interval.ts';
export * from './confidence.ts';
export * from './holm-correction.ts';
export * from './mcnemar-test.ts';
export * from './mean-interval.ts';
export * from './student-t.ts';
export * from './tango-interval.ts';
export * from './welch-test.ts';
export * from './wilson-interval.ts';
