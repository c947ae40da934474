export const INK = 'var(--ink)';
export const FAINT = 'var(--rule)';
export const MUTED = 'var(--muted)';

/** Whether values call for a logarithmic axis: all above zero and more than a decade apart. */
export function callsForLog(values: readonly number[]): boolean {
  return values.length > 1 && Math.min(...values) > 0 && Math.max(...values) / Math.min(...values) > 10;
}
