export type * from './context.ts';
export type * from './json.ts';
export type * from './store.ts';
