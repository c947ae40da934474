import type { StageEvent } from '@bakeoff/core';
import type { TaskOutcome } from '../tasks/task.ts';

/** What a stage command prints with --json (see JsonView): its events, and how it ended as the last line. */
export type StageLine = StageEvent | ({ readonly type: 'ended' } & TaskOutcome) | { readonly type: 'started' };

const types = new Set(['message', 'warning', 'progress', 'reused', 'started', 'ended']);

/** Any other text, such as what a library prints, becomes a message. */
export function parseStageLine(line: string): StageLine {
  try {
    const value: unknown = JSON.parse(line);
    if (
      typeof value === 'object' &&
      value !== null &&
      'type' in value &&
      typeof value.type === 'string' &&
      types.has(value.type)
    )
      return value as StageLine;
  } catch {
    // Not JSON: falls through.
  }
  return { type: 'message', text: line };
}
