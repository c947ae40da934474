import { channelValues, type DatasetIndex, everySettingUsed, type NormalizationConfig, UserError } from '@bakeoff/core';
import type { PixelTransform } from '@bakeoff/kernels';

type Statistics = Exclude<NormalizationConfig, 'dataset'>;

/** A channel without variation is divided by 1: the deviation of all its pixels from their mean is 0. */
function statisticsOf({ channelMeans, channelStandardDeviations }: DatasetIndex): Statistics {
  return { mean: channelMeans, standardDeviation: channelStandardDeviations.map((deviation) => deviation || 1) };
}

/**
 * (pixel/255 − mean) / standardDeviation as one multiply and add.
 * @throws UserError if the settings' channels are not the images'
 */
export function pixelTransform(normalization: NormalizationConfig, index: DatasetIndex): PixelTransform {
  const {
    mean: means,
    standardDeviation: deviations,
    ...unused
  } = normalization === 'dataset' ? statisticsOf(index) : normalization;
  everySettingUsed(unused);
  const [, , channels] = index.imageShape;
  const mean = channelValues(means, channels);
  const standardDeviation = channelValues(deviations, channels);
  if (mean === undefined || standardDeviation === undefined) {
    throw new UserError({
      what: `the normalization does not fit the images of dataset ${index.datasetId}`,
      received: `${means.length} means and ${deviations.length} standard deviations`,
      allowed: `${channels} of each, one per channel`,
      fix: 'give normalization.mean and normalization.standardDeviation one number per channel, or write normalization: dataset',
    });
  }
  return {
    scale: standardDeviation.map((deviation) => 1 / (255 * deviation)),
    shift: mean.map((value, channel) => -value / standardDeviation[channel]!),
  };
}
