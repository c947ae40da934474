import { isObject, mergeAt, valueAt } from './merge.ts';
import type { Assignment, SweepFault } from './sweep.ts';
import { withLayerPath } from './sweep-layers.ts';
import type { ModelNotation } from './vocabulary.ts';

/** Settings with the model's shorthand expanded. */
export function expanded<Settings>(settings: Settings, notation: ModelNotation): Settings {
  if (!isObject(settings) || settings['model'] === undefined) return settings;
  return { ...settings, model: notation.expand(settings['model']) };
}

/** The settings with one of them set as a sweep or a search says, or what is wrong with its path. */
export function assign(
  settings: unknown,
  written: Assignment,
  notation: ModelNotation,
): { readonly settings: unknown; readonly assignment: Assignment } | SweepFault {
  const assignment = withLayerPath(written, settings, notation);
  if ('what' in assignment) return assignment;
  const { at, path, setting, value } = assignment;
  const changed = mergeAt(settings, path, value);
  if (changed !== undefined) return { settings: expanded(changed, notation), assignment };
  return {
    at,
    what: `the ${at[0]}'s path ${setting} leads to something that does not exist`,
    received: JSON.stringify(valueAt(settings, path.slice(0, 1)))?.slice(0, 100) ?? 'nothing',
    allowed: 'a setting, or an element of a list that the experiment or defaults give',
    fix: `write the list in the experiment first, or ${at[0]} over whole lists`,
  };
}
