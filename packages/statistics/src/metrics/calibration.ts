import { percent } from '../formats.ts';
import { metric } from './metric.ts';

/** As in Guo et al. 2017. The error depends on this number, so reports print it. */
const CALIBRATION_BINS = 15;

export interface Calibration {
  /** Over the bins, 0…1. */
  readonly expectedCalibrationError: number;
  /**
   * Bins of equal width, ascending, with the mean confidence and accuracy of the images whose confidence is in (low,
   * high].
   */
  readonly bins: readonly {
    readonly low: number;
    readonly high: number;
    readonly count: number;
    readonly confidence: number;
    readonly accuracy: number;
  }[];
}

/**
 * Expected calibration error and its reliability table. Images are binned by confidence into equal widths (low, high].
 * The error is the mean over images of |mean confidence − accuracy| of their bin (Guo et al. 2017). An empty bin has
 * confidence and accuracy 0.
 */
export function calibrate(confidence: Float64Array, correct: Uint8Array): Calibration {
  const totals = Array.from({ length: CALIBRATION_BINS }, () => ({ count: 0, confidence: 0, correct: 0 }));
  confidence.forEach((value, image) => {
    const bin = totals[Math.min(CALIBRATION_BINS, Math.max(1, Math.ceil(value * CALIBRATION_BINS))) - 1]!;
    bin.count++;
    bin.confidence += value;
    bin.correct += correct[image]!;
  });
  const bins = totals.map(({ count, ...sums }, i) => ({
    low: i / CALIBRATION_BINS,
    high: (i + 1) / CALIBRATION_BINS,
    count,
    confidence: count === 0 ? 0 : sums.confidence / count,
    accuracy: count === 0 ? 0 : sums.correct / count,
  }));
  const error =
    bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.confidence - bin.accuracy), 0) / confidence.length;
  return { expectedCalibrationError: error, bins };
}

export const calibration = metric({
  compute: ({ images }) => calibrate(images.confidence, images.correct),
  figure: {
    id: 'ece',
    name: 'ECE',
    title: 'ECE',
    meaning: 'Expected calibration error on the test images',
    better: 'low',
    format: percent,
    // Reliability diagrams, which are drawn from the bins, always show it.
    shownIn: ['runs'],
    of: (value) => value.expectedCalibrationError,
  },
});
