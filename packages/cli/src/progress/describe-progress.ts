import type { StageEvent } from '@bakeoff/core';
import { formatBytes, formatCount, formatPercent } from './format.ts';

export type ProgressEvent = Extract<StageEvent, { type: 'progress' }>;

const figureFormats: Readonly<Record<string, (value: number) => string>> = {
  loss: (value) => `loss ${value.toFixed(3)}`,
  trainLoss: (value) => `loss ${value.toFixed(3)}`,
  trainAccuracy: (value) => `train ${formatPercent(value)}`,
  validationAccuracy: (value) => `val ${formatPercent(value)}`,
  imagesPerSecond: (value) => `${formatCount(value)} images/s`,
};

/** The figures of a progress event that are worth showing, in a fixed order. */
export function describeFigures(figures: Readonly<Record<string, number>>): string[] {
  return Object.entries(figureFormats).flatMap(([name, format]) => {
    const value = figures[name];
    return value === undefined || !Number.isFinite(value) ? [] : [format(value)];
  });
}

export function describeAmount({ done, total, unit }: ProgressEvent): string {
  const format = unit === 'bytes' ? formatBytes : formatCount;
  return unit === 'bytes' ? `${format(done)} of ${format(total)}` : `${format(done)} of ${format(total)} ${unit}`;
}
