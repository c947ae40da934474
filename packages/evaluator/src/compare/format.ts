/** 10000 -> "10,000". */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 0.9125 -> "91.25 %". */
export function formatPercent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`;
}

/** A difference of fractions in percentage points with its sign: 0.0015 -> "+0.15". */
export function formatPoints(difference: number): string {
  const digits = Math.abs(100 * difference).toFixed(2);
  if (Number(digits) === 0) return '0.00';
  return `${difference < 0 ? '−' : '+'}${digits}`;
}

/** "p = 0.031", "p < 0.0001". */
export function formatP(pValue: number): string {
  return pValue < 1e-4 ? 'p < 0.0001' : `p = ${Number(pValue.toPrecision(2))}`;
}
