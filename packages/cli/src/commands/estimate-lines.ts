import type { StudyEstimate } from '../estimates/study-estimate.ts';
import { displayUrl } from '../plans/display-url.ts';
import { formatBytes, formatDuration } from '../progress/format.ts';
import { hanging } from '../progress/hanging.ts';
import type { Style } from '../progress/style.ts';

const LABEL_WIDTH = 6;

interface Described {
  readonly storeUrl: string;
  readonly style: Style;
  readonly columns: number;
  /** What it would cost on AWS, in lines; empty where it cannot run there. */
  readonly onAws: readonly string[];
}

/** What the rest of a study takes: time, disk, and money on AWS. */
export function estimateLines(estimate: StudyEstimate, { storeUrl, style, columns, onAws }: Described): string[] {
  const entry = (label: string, text: string): string[] =>
    hanging(style.dim(label), text, { columns, labelWidth: LABEL_WIDTH });
  return [
    ...entry('time', timeText(estimate)),
    ...entry('disk', diskText(estimate, storeUrl)),
    ...(isTight(estimate) ? [style.warn(`⚠ there may be too little space in ${displayUrl(storeUrl)}`)] : []),
    ...onAws.flatMap((line, i) => entry(i === 0 ? 'on AWS' : '', line)),
  ];
}

function timeText({ seconds, trainingSeconds, isUpperBound, atOnce, trainings }: StudyEstimate): string {
  const { measured, calibrated, unknown } = trainings;
  const all = measured + calibrated + unknown;
  if (seconds === null || trainingSeconds === null) {
    const of = unknown === all ? '' : ` for ${unknown} of ${all} trainings`;
    return `unknown${of}; to measure this machine for a few seconds: bakeoff doctor --calibrate`;
  }
  if (all === 0) return `${about(seconds)}, without any training`;
  const bound = isUpperBound ? 'at most ' : '';
  const together =
    all === 1
      ? ''
      : `; ${all} trainings, ${about(trainingSeconds)} together, ${atOnce === 1 ? 'one' : atOnce} at a time`;
  return `${bound}${about(seconds)}${together}. ${basisText(trainings)}${isUpperBound ? ' Trainings may stop early.' : ''}`;
}

function about(seconds: number): string {
  return `about ${formatDuration(seconds * 1000)}`;
}

function basisText({ measured, calibrated }: StudyEstimate['trainings']): string {
  if (calibrated === 0) return 'By trainings of the same networks on this machine.';
  if (measured === 0) return 'By MACs and the last calibration of this machine.';
  return `By trainings of the same networks on this machine, ${calibrated} of ${measured + calibrated} by MACs and its last calibration.`;
}

function diskText({ bytes, freeBytes }: StudyEstimate, storeUrl: string): string {
  const free = freeBytes === null ? '' : `, where ${formatBytes(freeBytes)} are free`;
  return `about ${formatBytes(bytes)} more in ${displayUrl(storeUrl)}${free}`;
}

/** Other programs write, too. */
function isTight({ bytes, freeBytes }: StudyEstimate): boolean {
  return freeBytes !== null && bytes > 0.9 * freeBytes;
}
