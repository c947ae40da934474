import { type EvaluationConfig, everySettingUsed, type ImageShape, movesSize, PixelMover } from '@bakeoff/core';

/** One way in which an image is predicted. */
export interface TestTimeView {
  /** Of one image, int32 (see `PixelMover`); null: as it is. */
  readonly moves: Int32Array | null;
  /** Of its logits in the mean; the weights sum to 1. */
  readonly weight: number;
}

/**
 * The views of every image whose logits are averaged. Mirrored and unmirrored views weigh the same, and the two
 * translations together as much as the unmoved image: the test-time augmentation of Jordan 2024 (arXiv 2404.00498,
 * section 3.5), of six views.
 */
export function testTimeViews(
  { flip, translate, ...unused }: EvaluationConfig,
  imageShape: ImageShape,
): readonly TestTimeView[] {
  everySettingUsed(unused);
  const shifts =
    translate === 0
      ? [{ by: 0, share: 1 }]
      : [0, -translate, translate].map((by) => ({ by, share: by === 0 ? 0.5 : 0.25 }));
  const mover = new PixelMover(imageShape);
  return shifts.flatMap(({ by, share }) =>
    (flip ? [false, true] : [false]).map((isFlipped) => {
      const weight = flip ? share / 2 : share;
      if (by === 0 && !isFlipped) return { moves: null, weight };
      const moves = new Int32Array(movesSize(imageShape));
      const translated = by === 0 ? [] : [{ type: 'translate' as const, x: by, y: by }];
      mover.write([...translated, ...(isFlipped ? [{ type: 'horizontalFlip' as const }] : [])], moves);
      return { moves, weight };
    }),
  );
}
