export * from './bakeoff-stack.ts';
export * from './git-revision.ts';
export * from './settings.ts';
