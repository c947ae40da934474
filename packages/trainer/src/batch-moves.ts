/** A batch whose pixels move. */
interface MovedBatch {
  /** Positions among the training images. */
  readonly indices: Int32Array;
  /** For each of them the values of `PixelMover`; more may follow. null: pixels stay in place. */
  readonly moves: Int32Array | null;
}

/** How the pixels of some images of a batch move, which are named by their positions among the training images. */
export function movesAt(places: Int32Array, { indices, moves }: MovedBatch, each: number): Int32Array | null {
  if (moves === null || places === indices) return moves;
  const positions = new Map(Array.from(indices, (index, position) => [index, position]));
  const found = new Int32Array(places.length * each);
  places.forEach((place, i) => {
    const from = positions.get(place)! * each;
    found.set(moves.subarray(from, from + each), i * each);
  });
  return found;
}
