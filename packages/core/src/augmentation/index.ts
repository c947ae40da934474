export type { DrawnTransform, Interpolation } from './drawn-transform.ts';
export { applyMoves, movesSize, PixelMover, viewsAreStored } from './pixel-moves.ts';
export { viewDraws, type ViewConfig } from './view-draws.ts';
