import type { ManifestExperiment } from '../manifest/manifest.ts';
import { didYouMean } from '../manifest/problem.ts';
import { UserError } from '../user-error.ts';

const SHOWN = 20;

/** @throws UserError if an experiment weights a class that its dataset does not have */
export function requireKnownClasses(
  { id, location, recipe: { classWeights } }: Pick<ManifestExperiment, 'id' | 'location' | 'recipe'>,
  classes: readonly string[],
): void {
  if (classWeights === null || classWeights === 'balanced') return;
  const unknown = Object.keys(classWeights).find((name) => !classes.includes(name));
  if (unknown === undefined) return;
  throw new UserError({
    what: `${location}: experiment "${id}": classWeights names a class that the dataset does not have`,
    received: `"${unknown}"`,
    allowed:
      classes.length > SHOWN
        ? `${classes.slice(0, SHOWN).join(', ')} and ${classes.length - SHOWN} more`
        : classes.join(', '),
    fix: didYouMean(unknown, classes, 'name classes of the dataset'),
  });
}
