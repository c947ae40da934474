/** One bit an image, 1 = right, most significant bit first; the last byte is padded with zeros. Base64. */
export function packCorrectness(correct: Uint8Array): string {
  const bits = new Uint8Array(Math.ceil(correct.length / 8));
  correct.forEach((right, image) => {
    if (right === 1) bits[image >> 3] = (bits[image >> 3] as number) | (0x80 >> (image & 7));
  });
  return Buffer.from(bits).toString('base64');
}
