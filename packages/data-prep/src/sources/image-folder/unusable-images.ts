import { UserError } from '@bakeoff/core';

/** An image file that cannot be used; the message says why in plain words. */
export class UnusableImage extends Error {
  override readonly name = 'UnusableImage';
}

/** Unusable images that one message names. */
const NAMED = 20;

/** Collects unusable images, so that one message can name them. */
export class UnusableImages {
  private readonly lines: string[] = [];
  private readonly paths: string[] = [];

  add(path: string, { message }: UnusableImage): void {
    this.paths.push(path);
    this.lines.push(message);
  }

  /** Whether there are as many as one message names, so that looking for more is of no use. */
  get full(): boolean {
    return this.paths.length >= NAMED;
  }

  /** @param allSeen Whether all images were looked at. @throws UserError if there are any. */
  throwIfAny(allSeen: boolean): void {
    const [path] = this.paths;
    if (path === undefined) return;
    const alone = allSeen && this.paths.length === 1;
    const count = allSeen ? String(this.paths.length) : `at least ${this.paths.length}`;
    throw new UserError({
      what: alone ? `cannot decode the image ${path}` : `cannot decode ${count} images`,
      received: alone
        ? this.lines[0]!
        : this.paths
            .slice(0, NAMED)
            .map((each, i) => `${each}: ${this.lines[i]}`)
            .join('\n            '),
      allowed: alone ? 'a complete PNG or JPEG file' : 'complete PNG or JPEG files',
      fix: `repair the ${alone ? 'file, or remove it' : 'files, or remove them'} from the image folder`,
    });
  }
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG_SIGNATURE = Buffer.from([0xff, 0xd8]);
const JPEG_END = Buffer.from([0xff, 0xd9]);
const CUT_SHORT = 'it is cut short: the file ends before the image does';

function startsWith(file: Buffer, signature: Buffer): boolean {
  return file.subarray(0, signature.length).equals(signature);
}

/**
 * Why a file is not a whole image, in plain words, from its content.
 * @param message What the decoder said.
 */
export function decodingTrouble(file: Buffer, message: string): string {
  if (file.length === 0) return 'it is empty';
  if (startsWith(file, PNG_SIGNATURE))
    return file.includes('IEND') ? 'its data are damaged (a PNG whose checksums or pixels do not fit)' : CUT_SHORT;
  if (startsWith(file, JPEG_SIGNATURE))
    return file.includes(JPEG_END) && !/premature end/i.test(message)
      ? 'its data are damaged (a JPEG with invalid codes)'
      : CUT_SHORT;
  if (/^\s*<(!doctype|html)/i.test(file.subarray(0, 200).toString('latin1'))) return 'it is a web page, not an image';
  if (/unsupported image format/.test(message)) return 'its content is not an image, whatever its name says';
  return `its data are damaged (${message.split('\n')[0]!.toLowerCase()})`;
}
