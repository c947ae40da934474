import type { ImageShape } from '../image-shape.ts';
import type { AugmentationConfig } from '../manifest/augmentation-schema.ts';
import { Random } from '../random.ts';
import { type DrawnTransform, drawTransform } from './drawn-transform.ts';

/** What determines the pixels of a view, in addition to its number and the images. */
export type ViewConfig = Pick<AugmentationConfig, 'transforms' | 'seed'>;

/**
 * What happens to an image in view `view` (from 1), in order: a pure function of the augmentation's seed, the view, the
 * image's id and a transform's place in the list. It does not depend on other images or other transforms.
 */
export function viewDraws(
  { transforms, seed }: ViewConfig,
  view: number,
  imageShape: ImageShape,
): (id: number) => DrawnTransform[] {
  const [ofView, ofImage] = [new Random(seed).split('augment', view), new Random(seed).split('image')];
  const draws = transforms.map(drawTransform);
  return (id) => {
    const drawn: DrawnTransform[] = [];
    for (let place = 0; place < draws.length; place++) {
      const randomOfImage = () => ofImage.split(id, place);
      const one = draws[place]!({ random: ofView.split(id, place), randomOfImage, view, imageShape });
      if (one !== undefined) drawn.push(one);
    }
    return drawn;
  };
}
