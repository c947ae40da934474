import type { SplitName } from '@bakeoff/core';
import type { ImageSet } from '../sources/source.ts';

/** A split before it is written: which images of a set it has. */
export interface ExaminedSplit {
  readonly name: SplitName;
  readonly set: ImageSet & {
    /** `imageKeys` of the set's images. */
    readonly keys: Float64Array;
  };
  /** Places in the set. */
  readonly ids: Int32Array;
}
