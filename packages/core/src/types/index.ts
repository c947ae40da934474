export type * from './comparison.ts';
export type * from './context.ts';
export type * from './dataset.ts';
export type * from './evaluation.ts';
export type * from './json.ts';
export type * from './plan.ts';
export type * from './run.ts';
export type * from './store.ts';
