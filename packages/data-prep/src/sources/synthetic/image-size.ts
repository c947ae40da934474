/** Height and width. The drawing is designed for this size. */
export const IMAGE_SIZE = 32;
export const CHANNELS = 3;
export const IMAGE_PIXELS = IMAGE_SIZE * IMAGE_SIZE;
export const IMAGE_BYTES = IMAGE_PIXELS * CHANNELS;
export const SYNTHETIC_SHAPE = [IMAGE_SIZE, IMAGE_SIZE, CHANNELS] as const;
