/** An interval estimate; level is e.g. 0.95. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
}
