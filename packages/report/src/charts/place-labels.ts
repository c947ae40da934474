/** In pixels. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PlacedLabel {
  readonly anchor: 'start' | 'middle' | 'end';
  /** Where the text is anchored, and its middle. */
  readonly x: number;
  readonly y: number;
  /** Whether the label is too far from its mark to be read as its own without a line between them. */
  readonly isFar: boolean;
}

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

const DIRECTIONS = [
  [1, 0],
  [-1, 0],
  [1, -1],
  [1, 1],
  [-1, -1],
  [-1, 1],
  [0, -1],
  [0, 1],
] as const;
const DISTANCES = [10, 16, 26, 40, 58, 80];
/** From this distance on, a label needs a line to its mark. */
const FAR = 20;

/**
 * Places labels beside their marks, one after the other, within the frame: at the nearest place where a label covers
 * neither an obstacle nor an earlier label; where there is none, at the place with the least overlap.
 */
export function placeLabels(
  marks: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[],
  obstacles: readonly Box[],
  frame: Box,
): PlacedLabel[] {
  const taken = [...obstacles];
  return marks.map(({ x, y, width, height }) => {
    let best: { readonly label: PlacedLabel; readonly box: Box; readonly cost: number } | undefined;
    for (const distance of DISTANCES)
      for (const [dx, dy] of DIRECTIONS) {
        const at = {
          x: x + dx * (dy === 0 ? distance : distance * 0.7),
          y: y + dy * (distance * (dx === 0 ? 1 : 0.8) + (dx === 0 ? height / 3 : 0)),
        };
        const left = dx > 0 ? at.x : dx < 0 ? at.x - width : at.x - width / 2;
        const box = { left, right: left + width, top: at.y - height / 2, bottom: at.y + height / 2 };
        const outside = width * height - overlap(box, frame);
        const cost = taken.reduce((sum, other) => sum + overlap(box, other), 20 * Math.max(0, outside - 1e-6));
        const anchor = dx > 0 ? 'start' : dx < 0 ? 'end' : 'middle';
        const label = { anchor, ...at, isFar: distance > FAR } as const;
        if (!best || cost < best.cost - 1e-6) best = { label, box, cost };
      }
    taken.push(best!.box);
    return best!.label;
  });
}
