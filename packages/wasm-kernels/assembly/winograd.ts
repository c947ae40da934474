// 3x3 convolutions of stride 1 and padding 1 by Winograd's F(4x4, 3x3): 36 small matrix products instead of 144 multiplications
// per 4x4 output tile and channel pair. Needs height and width divisible by 4, input channels by 4, output channels by 8.
import { copyIntoPadded, convolveImage, padBias } from './convolution-direct';
import { Window } from './geometry';
import { outerProductTile4x8 } from './microkernels';
import { activationFloor, floats, zeroFill } from './simd';
import { transformFilter, transformFilterBack, transformInput, transformOutput, transformOutputBack } from './winograd-transforms';

/** The 36 planes of a block would lie 4 KiB apart at 16 channels and evict each other: skewing them doubles the speed. */
const PLANE_SKEW: usize = 64;
/** 36 vectors of one tile between the two passes of a transform. */
const TILE_BYTES: usize = 36 * 16;
/** Transformed inputs and outputs of a block stay in the second-level cache. */
const BLOCK_BYTES: i32 = 300 * 1024;

@inline
function planeBytes(tiles: i32, channels: i32): usize {
  return floats(tiles * channels) + PLANE_SKEW;
}

@inline
function imagesPerBlock(g: Window): i32 {
  const imageTiles = (g.inHeight >> 2) * (g.inWidth >> 2);
  return max(1, min(g.batch, BLOCK_BYTES / (36 * 4 * (g.inChannels + g.outChannels) * imageTiles)));
}

/** HWIO 3x3 -> [36][outChannels / 8][inChannels][8]. */
function transformFilters(filter: usize, to: usize, tile: usize, inChannels: i32, outChannels: i32): void {
  const plane = floats(inChannels * outChannels);
  for (let ic = 0; ic < inChannels; ++ic) {
    for (let oc = 0; oc < outChannels; oc += 4) {
      const from = filter + floats(ic * outChannels + oc);
      for (let j: usize = 0; j < 3; ++j) transformFilter(from + j * plane, 3 * plane, tile + j * 16, 48);
      const panel = to + floats((oc >> 3) * inChannels * 8 + ic * 8 + (oc & 4));
      for (let i: usize = 0; i < 6; ++i) transformFilter(tile + i * 48, 16, panel + i * 6 * plane, plane);
    }
  }
}

/** Turns a filter by 180 degrees and exchanges its channels: HWIO -> HWOI, the filter of the input gradient. */
function turnFilter(filter: usize, to: usize, inChannels: i32, outChannels: i32): void {
  for (let tap = 0; tap < 9; ++tap) {
    const from = filter + floats((8 - tap) * inChannels * outChannels);
    for (let oc = 0; oc < outChannels; ++oc) {
      for (let ic = 0; ic < inChannels; ++ic) {
        store<f32>(to, load<f32>(from + floats(ic * outChannels + oc)));
        to += 4;
      }
    }
  }
}

/** The tiles of one padded image -> planes [36][tiles][channels]. */
function transformInputImage(padded: usize, planes: usize, tile: usize, tileRows: i32, tileColumns: i32, channels: i32, plane: usize): void {
  const pixel = floats(channels), row = (<usize>(tileColumns * 4 + 2)) * pixel;
  for (let tr = 0; tr < tileRows; ++tr) {
    for (let tc = 0; tc < tileColumns; ++tc) {
      const corner = padded + (<usize>(tr * 4)) * row + (<usize>(tc * 4)) * pixel;
      for (let c: usize = 0; c < pixel; c += 16) {
        let from = corner + c, to = tile;
        for (let j = 0; j < 6; ++j) {
          transformInput(from, row, to, 96);
          from += pixel;
          to += 16;
        }
        from = tile;
        to = planes + c;
        for (let i = 0; i < 6; ++i) {
          transformInput(from, 16, to, plane);
          from += 96;
          to += 6 * plane;
        }
      }
      planes += pixel;
    }
  }
}

/** Planes [36][tiles][channels] -> the outputs of one image. */
function transformOutputImage(planes: usize, y: usize, bias: usize, tile: usize, tileRows: i32, tileColumns: i32, channels: i32, plane: usize, relu: i32): void {
  const pixel = floats(channels), row = (<usize>(tileColumns * 4)) * pixel, floor = activationFloor(relu);
  for (let tr = 0; tr < tileRows; ++tr) {
    for (let tc = 0; tc < tileColumns; ++tc) {
      const corner = y + (<usize>(tr * 4)) * row + (<usize>(tc * 4)) * pixel;
      for (let c: usize = 0; c < pixel; c += 16) {
        const channelBias = v128.load(bias + c);
        let from = planes + c, to = tile;
        for (let i = 0; i < 6; ++i) {
          transformOutput(from, plane, to, 96, channelBias, floor, false);
          from += 6 * plane;
          to += 16;
        }
        from = tile;
        to = corner + c;
        for (let j = 0; j < 4; ++j) {
          transformOutput(from, 16, to, row, channelBias, floor, true);
          from += 96;
          to += pixel;
        }
      }
      planes += pixel;
    }
  }
}

/** The output gradients of one image -> planes [36][tiles][channels]. */
function transformGradientImage(dy: usize, planes: usize, tile: usize, tileRows: i32, tileColumns: i32, channels: i32, plane: usize): void {
  const pixel = floats(channels), row = (<usize>(tileColumns * 4)) * pixel;
  for (let tr = 0; tr < tileRows; ++tr) {
    for (let tc = 0; tc < tileColumns; ++tc) {
      const corner = dy + (<usize>(tr * 4)) * row + (<usize>(tc * 4)) * pixel;
      for (let c: usize = 0; c < pixel; c += 16) {
        let from = corner + c, to = tile;
        for (let j = 0; j < 4; ++j) {
          transformOutputBack(from, row, to, 64);
          from += pixel;
          to += 16;
        }
        from = tile;
        to = planes + c;
        for (let i = 0; i < 6; ++i) {
          transformOutputBack(from, 16, to, plane);
          from += 64;
          to += 6 * plane;
        }
      }
      planes += pixel;
    }
  }
}

export function winogradSupports(g: Window): bool {
  return g.kernelHeight == 3 && g.kernelWidth == 3 && g.strideHeight == 1 && g.strideWidth == 1 && g.padTop == 1 && g.padLeft == 1
    && g.outHeight == g.inHeight && g.outWidth == g.inWidth && ((g.inHeight | g.inWidth) & 3) == 0
    && g.inChannels >= 8 && (g.inChannels & 3) == 0 && (g.outChannels & 7) == 0;
}

export function winogradScratch(g: Window): usize {
  const tiles = (g.inHeight >> 2) * (g.inWidth >> 2) * imagesPerBlock(g), ic = g.inChannels, oc = g.outChannels;
  return TILE_BYTES + floats(2 * oc + (9 + 36) * ic * oc + (g.inHeight + 2) * (g.inWidth + 2) * ic) + 36 * (planeBytes(tiles, ic) + planeBytes(tiles, oc));
}

/**
 * y = convolution(x, filter) + bias, then ReLU where asked. With `turned`, filter is that of the forward convolution
 * (HWIO with I = g.outChannels) and the result the gradient by its input.
 */
export function winogradForward(g: Window, x: usize, filter: usize, bias: usize, y: usize, scratch: usize, relu: i32, turned: i32): void {
  const ic = g.inChannels, oc = g.outChannels, tileRows = g.inHeight >> 2, tileColumns = g.inWidth >> 2, imageTiles = tileRows * tileColumns;
  const block = imagesPerBlock(g), inPlane = planeBytes(imageTiles * block, ic), outPlane = planeBytes(imageTiles * block, oc);
  const tile = scratch, biasPadded = tile + TILE_BYTES, zeroBias = biasPadded + floats(oc), turnedFilter = zeroBias + floats(oc);
  const filters = turnedFilter + floats(9 * ic * oc), image = filters + floats(36 * ic * oc);
  const inPlanes = image + floats((g.inHeight + 2) * (g.inWidth + 2) * ic), outPlanes = inPlanes + 36 * inPlane;
  padBias(bias, biasPadded, oc);
  zeroFill(zeroBias, floats(oc));
  if (turned) turnFilter(filter, turnedFilter, oc, ic);
  transformFilters(turned ? turnedFilter : filter, filters, tile, ic, oc);
  zeroFill(image, floats((g.inHeight + 2) * (g.inWidth + 2) * ic));
  for (let n = 0; n < g.batch; n += block) {
    const images = min(block, g.batch - n);
    for (let i = 0; i < images; ++i) {
      copyIntoPadded(x, image, g.inHeight, g.inWidth, ic, g.inWidth + 2, 1, 1);
      transformInputImage(image, inPlanes + floats(i * imageTiles * ic), tile, tileRows, tileColumns, ic, inPlane);
      x += g.inImageBytes();
    }
    for (let k = 0; k < 36; ++k) {
      convolveImage(inPlanes + (<usize>k) * inPlane, filters + floats(k * ic * oc), zeroBias, outPlanes + (<usize>k) * outPlane, 1, images * imageTiles, 1, ic, 0, 0, floats(ic), 0, floats(oc), oc, 0);
    }
    for (let i = 0; i < images; ++i) {
      transformOutputImage(outPlanes + floats(i * imageTiles * oc), y, biasPadded, tile, tileRows, tileColumns, oc, outPlane, relu);
      y += g.outImageBytes();
    }
  }
}

/** dFilter = gradient by the filter: per plane the product of transformed inputs and output gradients, transformed back. */
export function winogradGradFilter(g: Window, x: usize, dy: usize, dFilter: usize, scratch: usize): void {
  const ic = g.inChannels, oc = g.outChannels, tileRows = g.inHeight >> 2, tileColumns = g.inWidth >> 2, imageTiles = tileRows * tileColumns;
  const block = imagesPerBlock(g), inPlane = planeBytes(imageTiles * block, ic), outPlane = planeBytes(imageTiles * block, oc);
  const tile = scratch, sums = tile + TILE_BYTES, image = sums + floats(36 * ic * oc);
  const inPlanes = image + floats((g.inHeight + 2) * (g.inWidth + 2) * ic), outPlanes = inPlanes + 36 * inPlane;
  zeroFill(sums, floats(36 * ic * oc));
  zeroFill(image, floats((g.inHeight + 2) * (g.inWidth + 2) * ic));
  for (let n = 0; n < g.batch; n += block) {
    const images = min(block, g.batch - n);
    for (let i = 0; i < images; ++i) {
      copyIntoPadded(x, image, g.inHeight, g.inWidth, ic, g.inWidth + 2, 1, 1);
      transformInputImage(image, inPlanes + floats(i * imageTiles * ic), tile, tileRows, tileColumns, ic, inPlane);
      transformGradientImage(dy, outPlanes + floats(i * imageTiles * oc), tile, tileRows, tileColumns, oc, outPlane);
      x += g.inImageBytes();
      dy += g.outImageBytes();
    }
    let sum = sums;
    for (let k = 0; k < 36; ++k) {
      const inputs = inPlanes + (<usize>k) * inPlane, gradients = outPlanes + (<usize>k) * outPlane;
      for (let o = 0; o < oc; o += 8) {
        for (let i = 0; i < ic; i += 4) {
          outerProductTile4x8(inputs + floats(i), gradients + floats(o), sum, 1, images * imageTiles, 0, floats(ic), 0, floats(oc));
          sum += 128;
        }
      }
    }
  }
  transformFilterGradients(sums, dFilter, tile, ic, oc);
}

/** [36][outChannels / 8][inChannels][8] -> HWIO 3x3. */
function transformFilterGradients(sums: usize, dFilter: usize, tile: usize, inChannels: i32, outChannels: i32): void {
  const plane = floats(inChannels * outChannels);
  for (let ic = 0; ic < inChannels; ++ic) {
    for (let oc = 0; oc < outChannels; oc += 4) {
      const panel = sums + floats((oc >> 3) * inChannels * 8 + ic * 8 + (oc & 4));
      for (let i: usize = 0; i < 6; ++i) transformFilterBack(panel + i * 6 * plane, plane, tile + i * 16, 96);
      const to = dFilter + floats(ic * outChannels + oc);
      for (let j: usize = 0; j < 3; ++j) transformFilterBack(tile + j * 96, 16, to + j * plane, 3 * plane);
    }
  }
}
