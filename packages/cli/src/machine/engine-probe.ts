import type { UserErrorParts } from '@bakeoff/core';
import type { EngineName } from '@bakeoff/engine';

/** The result of loading an engine and computing one training step on it, in a process of its own. */
export type EngineProbe =
  | {
      readonly engine: EngineName;
      readonly works: true;
      readonly build: string;
      readonly versions: Readonly<Record<string, string>>;
      /** Why it is not a faster build; null if it is the fastest. */
      readonly shortfall: string | null;
    }
  | {
      readonly engine: EngineName;
      readonly works: false;
      /** Why not. */
      readonly reason: string;
      /** What would fix it; null if nothing is known. */
      readonly fix: string | null;
      /** The engine's own message, if it has one. */
      readonly mistake?: UserErrorParts;
    };

/** Marks the line of a probe's output that is its answer; libraries may print other lines. */
export const ANSWER = 'bakeoff-probe ';
