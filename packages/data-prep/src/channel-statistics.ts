/** Pixels whose sums, and sums of squares, stay below 2³¹. */
const PIECE_PIXELS = 1024;

/** Means and (population) standard deviations by channel of pixels scaled to 0…1. */
export interface ChannelStatistics {
  readonly means: readonly number[];
  readonly standardDeviations: readonly number[];
}

/**
 * Sums of pixel values and of their squares by channel. They are integers, so they are exact for any order of the
 * images.
 */
export class ChannelSums {
  private pixels = 0;
  private readonly sums: number[];
  private readonly squares: number[];

  constructor(private readonly channels: number) {
    this.sums = Array.from({ length: channels }, () => 0);
    this.squares = Array.from({ length: channels }, () => 0);
  }

  /** Adds uint8 pixels [n, height, width, channels]. */
  add(images: Uint8Array): void {
    const pieceBytes = PIECE_PIXELS * this.channels;
    for (let from = 0; from < images.length; from += pieceBytes) {
      const to = Math.min(from + pieceBytes, images.length);
      for (let channel = 0; channel < this.channels; channel++) this.addPiece(images, from, to, channel);
    }
    this.pixels += images.length / this.channels;
  }

  /** The compiler treats its sums as 32-bit integers, which takes a tenth of the time of doubles. */
  private addPiece(images: Uint8Array, from: number, to: number, channel: number): void {
    const { channels } = this;
    let [sum, square] = [0, 0];
    for (let i = from + channel; i < to; i += channels) {
      const value = images[i]!;
      sum = (sum + value) | 0;
      square = (square + value * value) | 0;
    }
    this.sums[channel] = this.sums[channel]! + sum;
    this.squares[channel] = this.squares[channel]! + square;
  }

  statistics(): ChannelStatistics {
    const count = BigInt(this.pixels);
    return {
      means: this.sums.map((sum) => sum / this.pixels / 255),
      // n·Σx² − (Σx)² exceeds 2⁵³ at 45,000 images. With big integers it stays exact until the one division.
      standardDeviations: this.squares.map(
        (squares, c) => Math.sqrt(Number(count * BigInt(squares) - BigInt(this.sums[c]!) ** 2n)) / this.pixels / 255,
      ),
    };
  }
}
