/** Numbers as the terminal prints them: the shared formats, with plain spaces, which can be searched and copied. */
import { count, percent, roughBytes, roughDuration, scaled, withPlainSpaces } from '@bakeoff/statistics/formats';

export { plural } from '@bakeoff/statistics/formats';

export const formatCount = count;

/** 40551040 → "40.6 M": three significant digits with the unit's letter. */
export function formatMagnitude(value: number): string {
  return withPlainSpaces(scaled(value));
}

/** Binary units: 138240000 → "132 MiB". */
export function formatBytes(bytes: number): string {
  return withPlainSpaces(roughBytes(bytes));
}

/** "0.8 s", "42 s", "1 min 05 s", "2 h 03 min" */
export function formatDuration(ms: number): string {
  return withPlainSpaces(roughDuration(ms / 1000));
}

/** 0.7123 → "71.2 %" */
export function formatPercent(fraction: number): string {
  return withPlainSpaces(percent(fraction, 1));
}

/** An ISO time → "2026-01-31 12:00"; of UTC, as the time is. */
export function formatTime(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

/** Cut to a width, with an ellipsis at its end. */
export function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
