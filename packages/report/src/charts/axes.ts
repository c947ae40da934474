import { countTick, grouped } from '@bakeoff/statistics/formats';

export const INK = 'var(--ink)';
export const FAINT = 'var(--rule)';
export const MUTED = 'var(--muted)';

/** Ticks of an axis of counts: `1,200`, `40 k`, `1.2 M`. */
export const countAxisTick = (value: number): string => (value >= 10_000 ? countTick(value) : grouped(value));

/** Ticks of an axis of small numbers: `0.01`, `2e−4`. */
export function smallTick(value: number): string {
  const size = Math.abs(value);
  const short = Number(value.toPrecision(3));
  return (size > 0 && size < 1e-3 ? short.toExponential() : String(short)).replaceAll('-', '\u2212');
}

/** Whether values need a logarithmic axis: all are above zero, and they span more than a decade. */
export function callsForLog(values: readonly number[]): boolean {
  return values.length > 1 && Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) > 10;
}
