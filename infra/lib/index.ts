export * from './bakeoff-stack.ts';
export * from './settings.ts';
