import { assign } from './assign-setting.ts';
import { describeNode, nodeAt, numberKind, type SchemaNode } from './schema-walk.ts';
import { type Search, type SearchDimension, searchProbes, trialPoint } from './search.ts';
import { type Assignment, shown, type SweepFault } from './sweep.ts';
import type { ModelNotation } from './vocabulary.ts';
import type { Trial } from '../records/plan-records.ts';

/** A point of an experiment, and the trial that it is, if it is one. */
export interface TrialPoint {
  readonly point: readonly Assignment[];
  readonly trial?: Pick<Trial, 'number' | 'values'>;
}

function notANumber(dimension: SearchDimension, node: SchemaNode): SweepFault {
  const { setting, kind, values } = dimension;
  return {
    at: ['search', setting, kind],
    what: `the search's range of ${setting} is one of numbers, but the setting is not a number`,
    received: `${kind}: ${JSON.stringify(values)}`,
    allowed: `choice, of values that are each ${describeNode(node)}`,
    fix: `write ${setting}: { choice: [first, second, …] }`,
  };
}

/**
 * The trials of a search at one point of the experiment's sweep, with what has to be valid before they are made: the
 * probes, and ranges of numbers only for settings that are numbers.
 */
export function pointsOfSearch(
  search: Search,
  sweepPoint: readonly Assignment[],
  { base, schema, notation }: { readonly base: unknown; readonly schema: SchemaNode; readonly notation: ModelNotation },
): {
  readonly points: readonly TrialPoint[];
  readonly probes: readonly (readonly Assignment[])[];
  readonly faults: readonly SweepFault[];
} {
  const probes = [...searchProbes(search)].map((probe) => [...sweepPoint, ...probe]);
  let probed = base;
  const paths = new Map<string, readonly string[]>();
  for (const written of probes[0]!) {
    const assigned = assign(probed, written, notation);
    // A setting or a layer that does not exist is found by the probes.
    if ('what' in assigned) continue;
    probed = assigned.settings;
    paths.set(written.setting, assigned.assignment.path);
  }
  const whole = new Set<string>();
  const faults: SweepFault[] = [];
  for (const dimension of search.dimensions.filter(({ kind }) => kind !== 'choice')) {
    const node = nodeAt(schema, paths.get(dimension.setting) ?? dimension.setting.split('.'), probed);
    const kind = node && numberKind(node);
    if (kind === 'integer') whole.add(dimension.setting);
    if (node !== undefined && kind === undefined) faults.push(notANumber(dimension, node));
  }
  const points = Array.from({ length: search.trials }, (_, i): TrialPoint => {
    const point = trialPoint(search, i + 1, whole);
    const values = Object.fromEntries(point.map(({ setting, value }) => [setting, shown(value)]));
    return { point: [...sweepPoint, ...point], trial: { number: i + 1, values } };
  });
  return { points, probes: faults.length > 0 ? [] : probes, faults };
}
