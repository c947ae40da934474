import { stages } from './stages.ts';

/** The marker of the results that an object belongs to; undefined if it is none's. A view has a marker of its own. */
export function markerOf(key: string): string | undefined {
  const view = /^datasets\/[^/]+\/views\/[^/]+\/[^/]+\//.exec(key)?.[0];
  if (view !== undefined) return `${view}index.json`;
  for (const { results } of Object.values(stages)) {
    if (results === null || !key.startsWith(results.prefix)) continue;
    const id = key.slice(results.prefix.length).split('/')[0]!;
    return `${results.prefix}${id}/${results.marker}`;
  }
  return undefined;
}
