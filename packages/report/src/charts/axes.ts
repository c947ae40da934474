export const INK = 'var(--ink)';
export const FAINT = 'var(--rule)';
export const MUTED = 'var(--muted)';

/** Whether values need a logarithmic axis: all are above zero, and they span more than a decade. */
export function callsForLog(values: readonly number[]): boolean {
  return values.length > 1 && Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) > 10;
}
