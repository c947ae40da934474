/** Scores of one class of a split. */
export interface ClassScores {
  readonly name: string;
  /** Number of images of the class. */
  readonly support: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}
