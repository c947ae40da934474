import type { ImageScores } from '../predictions/image-scores.ts';
import type { SplitPredictions } from '../predictions/split-predictions.ts';
import type { Confusion } from './count-confusion.ts';
import type { ClassScores } from './class-scores.ts';

/** What a metric is computed from: a split's predictions, their scores for each image, and their confusion. */
export interface ScoredSplit {
  readonly predictions: SplitPredictions;
  readonly images: ImageScores;
  readonly confusion: Confusion;
  /** In the order of the labels. */
  readonly classNames: readonly string[];
}

/** A metric read as one number: its column in tables and CSV, and its place in charts. */
export interface Figure<Value> {
  /** Id of its column, also in CSV files and the addresses of pages. */
  readonly id: string;
  /** Short name, for use next to others: `ECE`. */
  readonly name: string;
  /** Heading of its column: `Test NLL`. */
  readonly title: string;
  /** What the number means, for the heading's tooltip. */
  readonly meaning: string;
  readonly better: 'high' | 'low';
  readonly format: (value: number) => string;
  /**
   * Where it is shown: `runs`, by default in the table of runs (a reader can always add its column); `sections`, in the
   * sections' tables of experiments, as the mean over seeds, `unequalClasses`, there only if the test images are not
   * equally many of each class; `reliability`, next to reliability diagrams.
   */
  readonly shownIn: readonly ('runs' | 'sections' | 'unequalClasses' | 'reliability')[];
  readonly of: (value: Value) => number;
  /** The same from the scores by class, for records from before the metric existed; absent if these do not determine it. */
  readonly ofClasses?: (perClass: readonly ClassScores[]) => number;
}

/** One member of a split's scores. */
export interface Metric<Value> {
  /** Undefined if the split has no value; the record then lacks the member. */
  readonly compute: (split: ScoredSplit) => Value;
  /** Null if the value is not a single number. */
  readonly figure: Figure<Exclude<Value, undefined>> | null;
}

/** Gives a metric's value its type. */
export function metric<Value>(row: Metric<Value>): Metric<Value> {
  return row;
}
