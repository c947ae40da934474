import { type DatasetIndex, everySettingUsed, type NormalizationConfig, UserError } from '@bakeoff/core';
import type { PixelTransform } from '@bakeoff/kernels';

/**
 * (pixel/255 − mean) / standardDeviation as one multiply and add.
 * @throws UserError if the settings' channels are not the images'
 */
export function pixelTransform(
  { mean, standardDeviation, ...unused }: NormalizationConfig,
  { imageShape, datasetId }: DatasetIndex,
): PixelTransform {
  everySettingUsed(unused);
  const [, , channels] = imageShape;
  if (mean.length !== channels || standardDeviation.length !== channels) {
    throw new UserError({
      what: `the normalization does not fit the images of dataset ${datasetId}`,
      received: `${mean.length} means and ${standardDeviation.length} standard deviations`,
      allowed: `${channels} of each, one per channel`,
      fix: 'give normalization.mean and normalization.standardDeviation one number per channel',
    });
  }
  return {
    scale: standardDeviation.map((deviation) => 1 / (255 * deviation)),
    shift: mean.map((value, channel) => -value / standardDeviation[channel]!),
  };
}
