import { didYouMean } from './problem.ts';
import { isObject, valueAt } from './merge.ts';
import type { Assignment, SweepFault } from './sweep.ts';
import type { ModelNotation } from './vocabulary.ts';

const SHOWN_NAMES = 12;

/**
 * An assignment whose path names a layer (`model.layers.conv1.filters`) with the path at which the layer stands
 * (`model.layers.0.filters`). Others, and layers named by their place, stay as they are.
 */
export function withLayerPath(
  assignment: Assignment,
  settings: unknown,
  notation: ModelNotation,
): Assignment | SweepFault {
  const [root, list, ...rest] = assignment.path;
  const [first] = rest;
  const model = valueAt(settings, ['model']);
  if (root !== 'model' || list !== 'layers' || first === undefined || /^\d+$/.test(first)) return assignment;
  if (!isObject(model) || !Array.isArray(model['layers'])) return assignment;
  const paths = notation.layerPaths(model);
  // Names may contain dots: the longest one that fits is meant.
  for (let parts = rest.length; parts > 0; parts--) {
    const found = paths.get(rest.slice(0, parts).join('.'));
    if (found !== undefined) return { ...assignment, path: ['model', ...found, ...rest.slice(parts)] };
  }
  const names = [...paths.keys()];
  return {
    at: assignment.at.slice(0, -1),
    what: `${assignment.at[0]} over a layer that does not exist: "${first}"`,
    received: assignment.setting,
    allowed:
      names.slice(0, SHOWN_NAMES).join(', ') + (names.length > SHOWN_NAMES ? `, … (${names.length} layers)` : ''),
    fix: didYouMean(
      first,
      names,
      'name a layer of the model, e.g. by "name: conv1", and sweep over model.layers.conv1.filters',
    ),
  };
}
