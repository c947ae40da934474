/** An image that is drawn on: RGB, [height, width, 3]. */
export interface Canvas {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const LETTER_WIDTH = 5;
const LETTER_HEIGHT = 7;
/** Every pixel of a letter is drawn as a square of this many. */
const SCALE = 2;
const ADVANCE = (LETTER_WIDTH + 1) * SCALE;

/** Height of a line of text in pixels. */
export const TEXT_HEIGHT = LETTER_HEIGHT * SCALE;

/**
 * From space to tilde, each letter's five columns as two hex digits each, the lowest bit on top. A font of our own,
 * because the fonts of a machine differ, and a container may have none.
 */
const LETTERS = [
  '000000000000005f00000007000700147f147f14242a7f2a12631308646336495522500000070000001c2241000041221c00',
  '14083e081408083e080800503000000808080808006060000020100804023e5149453e00427f400042615149462141454b31',
  '1814127f1027454545393c4a49493001710905033649494936064949291e0036360000005636000008142241001414141414',
  '00412214080201510906324979413e7e1111117e7f494949363e414141227f4141221c7f494949417f090909013e4149497a',
  '7f0808087f00417f41002040413f017f081422417f404040407f020c027f7f0408107f3e4141413e7f090909063e4151215e',
  '7f09192946464949493101017f01013f4040403f1f2040201f3f4038403f631408146307087008076151494543007f414100',
  '02040810200041417f0004020102044040404040000102040020545454787f484444383844444420384444487f3854545418',
  '087e0901020c5252523e7f0804047800447d40002040443d007f1028440000417f40007c041804787c080404783844444438',
  '7c14141408081414187c7c080404084854545420043f4440203c4040207c1c2040201c3c4030403c44281028440c5050503c',
  '4464544c44000836410000007f000000413608000804081008',
].join('');

/** Width of a line of text in pixels. */
export function textWidth(text: string): number {
  return text.length * ADVANCE;
}

/** Text without accents, if that is text that can be drawn; undefined for other scripts. */
export function drawable(text: string): string | undefined {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '');
  return /^[ -~]+$/.test(plain) ? plain : undefined;
}

function fillSquare({ pixels, width }: Canvas, left: number, top: number): void {
  for (let y = top; y < top + SCALE; y++) pixels.fill(0, (y * width + left) * 3, (y * width + left + SCALE) * 3);
}

/** Draws a line of drawable text in black. The canvas must have room for it. */
export function drawText(canvas: Canvas, text: string, left: number, top: number): void {
  for (let i = 0; i < text.length; i++) {
    for (let column = 0; column < LETTER_WIDTH; column++) {
      const at = ((text.charCodeAt(i) - 32) * LETTER_WIDTH + column) * 2;
      const bits = Number.parseInt(LETTERS.slice(at, at + 2), 16);
      for (let row = 0; row < LETTER_HEIGHT; row++)
        if (((bits >> row) & 1) === 1) fillSquare(canvas, left + i * ADVANCE + column * SCALE, top + row * SCALE);
    }
  }
}
