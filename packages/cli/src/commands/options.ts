import type { EngineName } from '@bakeoff/engine';
import type { SourceOptions } from '../plans/load-plan.ts';
import type { StoreOptions } from '../plans/store-url.ts';

interface RunOptions extends StoreOptions, SourceOptions {
  readonly jobs?: number;
  readonly engine: EngineName | 'auto';
  readonly force?: boolean;
  readonly json?: boolean;
}

export interface RunCommandOptions extends RunOptions {
  /** Serves the live page while the run goes on. */
  readonly watch?: boolean;
  /** Of the live page. */
  readonly port?: number;
  readonly docker?: boolean;
  readonly image: string;
  readonly gpuImage: string;
}

/** Options of the stage commands; each command takes those that apply to it. */
export interface StageCommandOptions extends RunOptions {
  readonly plan?: string;
  readonly dataset?: string;
  readonly run?: string;
  readonly experiment?: string;
  readonly prices?: string;
  readonly pictures?: boolean;
  readonly preview?: string;
  readonly format?: 'md' | 'csv';
}
