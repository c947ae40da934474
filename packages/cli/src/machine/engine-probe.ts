import type { EngineName } from '@bakeoff/engine';

/** What came of loading an engine, and of one training step on it, in a process of its own. */
export type EngineProbe =
  | {
      readonly engine: EngineName;
      readonly works: true;
      readonly build: string;
      readonly versions: Readonly<Record<string, string>>;
    }
  | {
      readonly engine: EngineName;
      readonly works: false;
      /** Why not. */ readonly reason: string;
      /** What would change it; null where nothing is known. */ readonly fix: string | null;
    };

/** Begins the one line of a probe's output that is its answer; libraries may print others. */
export const ANSWER = 'bakeoff-probe ';
