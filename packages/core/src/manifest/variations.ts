import type { ManifestDocument } from './document-schema.ts';
import { didYouMean } from './problem.ts';
import { readSearch, type Search } from './search.ts';
import { SETTING_NAMES } from './settings-schema.ts';
import { type Assignment, type Dimensions, readSweep, type SweepFault } from './sweep.ts';

/** A swept or searched path whose first part is not a setting. The schema checks what follows the first dot. */
function unknownSetting({ setting, at }: Pick<Assignment, 'setting' | 'at'>): SweepFault | undefined {
  const name = setting.split('.')[0]!;
  if (name === 'seeds')
    return {
      at,
      what: `seeds cannot be ${at[0] === 'search' ? 'searched' : 'swept'}: they repeat one recipe`,
      received: setting,
      fix: 'write seeds: 3 in the experiment',
    };
  if (name === 'dataset' && at[0] === 'search')
    return {
      at,
      what: 'the dataset cannot be searched: validation chooses among trials on the same images',
      received: setting,
      fix: 'sweep it instead, or write experiments of their own',
    };
  const names = SETTING_NAMES.filter((known) => known !== 'seeds');
  return (names as readonly string[]).includes(name) ? undefined : noSuchSetting(at, setting, name, names);
}

/** @param name The part of the setting's path that does not exist, and `names` those that do, there. */
export function noSuchSetting(
  at: readonly (string | number)[],
  setting: string,
  name: string,
  names: readonly string[],
): SweepFault {
  return {
    at,
    what: `${at[0]} over a setting that does not exist`,
    received: setting,
    allowed: names.join(', '),
    fix: didYouMean(name, names, 'name a setting by its path, e.g. model.dropout2d'),
  };
}

/** What an experiment varies, by a sweep, a search or both, and what is wrong with it. */
export function readVariations({ sweep, search }: ManifestDocument['experiments'][number]): {
  readonly dimensions: Dimensions;
  readonly search: Search | undefined;
  readonly faults: readonly SweepFault[];
} {
  const swept = sweep === undefined ? { dimensions: [], faults: [] } : readSweep(sweep);
  const axes = swept.dimensions.flat();
  const settings = axes.map(({ setting }) => setting);
  const searched = search === undefined ? undefined : readSearch(search, settings);
  const paths = (searched?.search.dimensions ?? []).map(({ setting }) => ({ setting, at: ['search', setting] }));
  return {
    dimensions: swept.dimensions,
    search: searched?.search,
    faults: [
      ...swept.faults,
      ...(searched?.faults ?? []),
      ...[...axes, ...paths].flatMap((path) => unknownSetting(path) ?? []),
    ],
  };
}
