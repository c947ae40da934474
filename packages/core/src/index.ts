export type * from './types/index.ts';
export * from './canonical-json.ts';
export * from './ids.ts';
export * from './keys.ts';
export * from './random.ts';
export * from './safetensors.ts';
export * from './user-error.ts';
export * from './stage-command.ts';
