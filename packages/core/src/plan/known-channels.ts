import type { ImageShape } from '../image-shape.ts';
import type { ManifestExperiment } from '../manifest/manifest.ts';
import { channelValues } from '../manifest/training-schema.ts';
import { UserError } from '../user-error.ts';

/** @throws UserError if an experiment normalizes other channels than its dataset's images have */
export function requireKnownChannels(
  { id, location, recipe: { normalization } }: Pick<ManifestExperiment, 'id' | 'location' | 'recipe'>,
  [, , channels]: ImageShape,
): void {
  if (normalization === 'dataset') return;
  const { mean, standardDeviation } = normalization;
  const misfit = Object.entries({ mean, standardDeviation }).find(
    ([, values]) => channelValues(values, channels) === undefined,
  );
  if (misfit === undefined) return;
  const [name, values] = misfit;
  throw new UserError({
    what: `${location}: experiment "${id}": normalization.${name} does not fit the dataset's images`,
    received: `${values.length} different values, [${values.join(', ')}]`,
    allowed: channels === 1 ? 'one number: the images are gray' : `one number, or ${channels}, one per channel`,
    fix: `give normalization.${name} as one number, or write normalization: dataset`,
  });
}
