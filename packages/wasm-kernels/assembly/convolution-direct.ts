// Convolutions of any shape, NHWC with HWIO filters: the image is copied into a zero-padded scratch image, so that the
// inner loops need not handle borders, and the filter is packed into panels of 8 output channels.
import { Window } from './geometry';
import { convTile1x8, convTile4x8, outerProductTile1x8, outerProductTile4x8 } from './microkernels';
import { floats, padBias, roundUp, zeroFill } from './simd';

/** One image (already padded): all outputs of all panels. Byte distances are those of convTile4x8. */
function convolveImage(
  x: usize,
  panels: usize,
  bias: usize,
  y: usize,
  outHeight: i32,
  outWidth: i32,
  kernelRows: i32,
  kernelLength: i32,
  xRow: usize,
  xRowStep: usize,
  xPixel: usize,
  yRow: usize,
  yPixel: usize,
  outChannels: i32,
  relu: i32,
): void {
  const panelBytes = floats(kernelRows * kernelLength * 8);
  for (let oc = 0; oc < outChannels; oc += 8) {
    const channels = min(8, outChannels - oc);
    let yLine = y + floats(oc),
      xLine = x;
    for (let oh = 0; oh < outHeight; ++oh) {
      let yy = yLine,
        xx = xLine,
        ow = 0;
      for (; ow + 4 <= outWidth; ow += 4) {
        convTile4x8(xx, panels, bias, yy, kernelRows, kernelLength, xRow, xPixel, yPixel, channels, relu);
        xx += xPixel << 2;
        yy += yPixel << 2;
      }
      for (; ow < outWidth; ++ow) {
        convTile1x8(xx, panels, bias, yy, kernelRows, kernelLength, xRow, channels, relu);
        xx += xPixel;
        yy += yPixel;
      }
      yLine += yRow;
      xLine += xRowStep;
    }
    panels += panelBytes;
    bias += 32;
  }
}

/** Copies an image into the middle of a wider one whose border is already zero. */
@inline
function copyIntoPadded(
  x: usize,
  padded: usize,
  height: i32,
  width: i32,
  channels: i32,
  paddedWidth: i32,
  top: i32,
  left: i32,
): void {
  const row = floats(width * channels),
    paddedRow = floats(paddedWidth * channels);
  let to = padded + <usize>top * paddedRow + floats(left * channels),
    from = x;
  for (let h = 0; h < height; ++h) {
    memory.copy(to, from, row);
    to += paddedRow;
    from += row;
  }
}

/** HWIO -> [outChannels / 8][rows][8], rows = height * width * inChannels. */
function packFilter(filter: usize, panels: usize, rows: i32, outChannels: i32): void {
  for (let oc = 0; oc < outChannels; oc += 8) {
    const channels = min(8, outChannels - oc);
    let from = filter + floats(oc);
    for (let r = 0; r < rows; ++r) {
      if (channels == 8) {
        v128.store(panels, v128.load(from));
        v128.store(panels, v128.load(from, 16), 16);
      } else {
        zeroFill(panels, 32);
        memory.copy(panels, from, floats(channels));
      }
      panels += 32;
      from += floats(outChannels);
    }
  }
}

/**
 * The filter of one phase of the input gradient: rotated by 180 degrees, channels swapped and, for a strided
 * convolution, only every stride-th tap: [inChannels / 8][tapRows][tapColumns * outChannels][8], taps from (lastRow,
 * lastColumn) downwards.
 */
function packTurnedFilter(
  g: Window,
  filter: usize,
  panels: usize,
  lastRow: i32,
  tapRows: i32,
  lastColumn: i32,
  tapColumns: i32,
): void {
  const inChannels = g.inChannels,
    outChannels = g.outChannels;
  for (let ic = 0; ic < inChannels; ic += 8) {
    const channels = min(8, inChannels - ic);
    for (let i = 0; i < tapRows; ++i) {
      for (let j = 0; j < tapColumns; ++j) {
        const tap = (lastRow - i * g.strideHeight) * g.kernelWidth + (lastColumn - j * g.strideWidth);
        const from = filter + floats((tap * inChannels + ic) * outChannels);
        for (let oc = 0; oc < outChannels; ++oc) {
          const column = from + floats(oc);
          for (let c = 0; c < 8; ++c)
            store<f32>(panels + floats(c), c < channels ? load<f32>(column + floats(c * outChannels)) : 0);
          panels += 32;
        }
      }
    }
  }
}

export function convForwardScratch(g: Window): usize {
  const outPadded = roundUp(g.outChannels, 8);
  return floats(
    outPadded +
      g.kernelHeight * g.kernelWidth * g.inChannels * outPadded +
      g.paddedHeight() * g.paddedWidth() * g.inChannels,
  );
}

/** y = convolution(x, filter) + bias, then ReLU if requested. bias may be null. */
export function convForward(
  g: Window,
  x: usize,
  filter: usize,
  bias: usize,
  y: usize,
  scratch: usize,
  relu: i32,
): void {
  const outPadded = roundUp(g.outChannels, 8),
    taps = g.kernelHeight * g.kernelWidth * g.inChannels;
  const paddedWidth = g.paddedWidth(),
    isPadded = g.isPadded();
  const biasPadded = scratch,
    panels = biasPadded + floats(outPadded),
    image = panels + floats(taps * outPadded);
  padBias(bias, biasPadded, g.outChannels);
  packFilter(filter, panels, taps, g.outChannels);
  if (isPadded) zeroFill(image, floats(g.paddedHeight() * paddedWidth * g.inChannels));
  const xRow = floats(paddedWidth * g.inChannels),
    yPixel = floats(g.outChannels);
  for (let n = 0; n < g.batch; ++n) {
    if (isPadded) copyIntoPadded(x, image, g.inHeight, g.inWidth, g.inChannels, paddedWidth, g.padTop, g.padLeft);
    convolveImage(
      isPadded ? image : x,
      panels,
      biasPadded,
      y,
      g.outHeight,
      g.outWidth,
      g.kernelHeight,
      g.kernelWidth * g.inChannels,
      xRow,
      xRow * g.strideHeight,
      floats(g.inChannels * g.strideWidth),
      yPixel * g.outWidth,
      yPixel,
      g.outChannels,
      relu,
    );
    x += g.inImageBytes();
    y += g.outImageBytes();
  }
}

/** How many taps of a kernel of `size` meet the input positions of one phase. */
@inline
function phaseTaps(first: i32, size: i32, stride: i32): i32 {
  return first < size ? (size - 1 - first) / stride + 1 : 0;
}

export function convGradInputScratch(g: Window): usize {
  const inPadded = roundUp(g.inChannels, 8);
  const height = g.outHeight + 2 * borderOf(g),
    width = g.outWidth + 2 * borderOf(g);
  return floats(inPadded + g.kernelHeight * g.kernelWidth * g.outChannels * inPadded + height * width * g.outChannels);
}

/** Zero rows around dy, enough for every tap of every phase. */
@inline
function borderOf(g: Window): i32 {
  return max(g.kernelHeight, g.kernelWidth);
}

/**
 * dx = gradient of the convolution with respect to its input. With stride s, the input positions fall into s x s
 * phases. Each phase is a dense convolution of dy with the taps that meet it, so nothing is multiplied by inserted
 * zeros.
 */
export function convGradInput(g: Window, dy: usize, filter: usize, dx: usize, scratch: usize): void {
  const inPadded = roundUp(g.inChannels, 8),
    border = borderOf(g);
  const width = g.outWidth + 2 * border,
    row = floats(width * g.outChannels);
  const zeroBias = scratch,
    panels = zeroBias + floats(inPadded),
    image = panels + floats(g.kernelHeight * g.kernelWidth * g.outChannels * inPadded);
  zeroFill(zeroBias, floats(inPadded));
  zeroFill(image, <usize>(g.outHeight + 2 * border) * row);
  const strideHeight = g.strideHeight,
    strideWidth = g.strideWidth;
  for (let n = -1; n < g.batch; ++n) {
    // round -1 packs the filters of all phases
    if (n >= 0) copyIntoPadded(dy, image, g.outHeight, g.outWidth, g.outChannels, width, border, border);
    let panel = panels;
    for (let phaseRow = 0; phaseRow < strideHeight; ++phaseRow) {
      for (let phaseColumn = 0; phaseColumn < strideWidth; ++phaseColumn) {
        const firstRow = (phaseRow + g.padTop) % strideHeight,
          firstColumn = (phaseColumn + g.padLeft) % strideWidth;
        const tapRows = phaseTaps(firstRow, g.kernelHeight, strideHeight),
          tapColumns = phaseTaps(firstColumn, g.kernelWidth, strideWidth);
        if (n < 0) {
          packTurnedFilter(
            g,
            filter,
            panel,
            firstRow + (tapRows - 1) * strideHeight,
            tapRows,
            firstColumn + (tapColumns - 1) * strideWidth,
            tapColumns,
          );
        } else {
          const fromRow = (phaseRow + g.padTop - firstRow) / strideHeight - (tapRows - 1) + border;
          const fromColumn = (phaseColumn + g.padLeft - firstColumn) / strideWidth - (tapColumns - 1) + border;
          convolveImage(
            image + floats((fromRow * width + fromColumn) * g.outChannels),
            panel,
            zeroBias,
            dx + floats((phaseRow * g.inWidth + phaseColumn) * g.inChannels),
            (g.inHeight - phaseRow + strideHeight - 1) / strideHeight,
            (g.inWidth - phaseColumn + strideWidth - 1) / strideWidth,
            tapColumns > 0 ? tapRows : 0,
            tapColumns * g.outChannels,
            row,
            row,
            floats(g.outChannels),
            floats(g.inWidth * g.inChannels * strideHeight),
            floats(g.inChannels * strideWidth),
            g.inChannels,
            0,
          );
        }
        panel += floats(tapRows * tapColumns * g.outChannels * inPadded);
      }
    }
    if (n < 0) continue;
    dy += g.outImageBytes();
    dx += g.inImageBytes();
  }
}

export function convGradFilterScratch(g: Window): usize {
  const outPadded = roundUp(g.outChannels, 8);
  return floats(
    g.kernelHeight * g.kernelWidth * g.inChannels * outPadded +
      g.outHeight * g.outWidth * outPadded +
      g.paddedHeight() * g.paddedWidth() * g.inChannels,
  );
}

/**
 * dFilter = gradient of the convolution with respect to its filter: outer products summed in [outChannels /
 * 8][taps][8], then unpacked.
 */
export function convGradFilter(g: Window, x: usize, dy: usize, dFilter: usize, scratch: usize): void {
  const outPadded = roundUp(g.outChannels, 8),
    kernelLength = g.kernelWidth * g.inChannels,
    taps = g.kernelHeight * kernelLength;
  const paddedWidth = g.paddedWidth(),
    isPadded = g.isPadded(),
    pixels = g.outHeight * g.outWidth;
  const sums = scratch,
    widened = sums + floats(taps * outPadded),
    image = widened + floats(pixels * outPadded);
  const widens = g.outChannels != outPadded;
  zeroFill(sums, floats(taps * outPadded));
  if (isPadded) zeroFill(image, floats(g.paddedHeight() * paddedWidth * g.inChannels));
  if (widens) zeroFill(widened, floats(pixels * outPadded));
  const tileRows = max(1, min(g.outHeight, 64 / g.outWidth)); // about 64 pixels of x and dy stay in the first-level cache
  const xRow = floats(paddedWidth * g.inChannels),
    xPixel = floats(g.inChannels * g.strideWidth);
  const dyPixel = floats(outPadded),
    dyRow = dyPixel * g.outWidth;
  for (let n = 0; n < g.batch; ++n) {
    if (isPadded) copyIntoPadded(x, image, g.inHeight, g.inWidth, g.inChannels, paddedWidth, g.padTop, g.padLeft);
    if (widens)
      for (let p = 0; p < pixels; ++p)
        memory.copy(widened + floats(p * outPadded), dy + floats(p * g.outChannels), floats(g.outChannels));
    const xs = isPadded ? image : x,
      dys = widens ? widened : dy;
    for (let h = 0; h < g.outHeight; h += tileRows) {
      const rows = min(tileRows, g.outHeight - h);
      let sum = sums;
      for (let oc = 0; oc < outPadded; oc += 8) {
        const d = dys + <usize>h * dyRow + floats(oc);
        for (let kh = 0; kh < g.kernelHeight; ++kh) {
          const x0 = xs + <usize>(h * g.strideHeight + kh) * xRow;
          let r = 0;
          for (; r + 4 <= kernelLength; r += 4) {
            outerProductTile4x8(
              x0 + floats(r),
              d,
              sum,
              rows,
              g.outWidth,
              xRow * g.strideHeight,
              xPixel,
              dyRow,
              dyPixel,
            );
            sum += 128;
          }
          for (; r < kernelLength; ++r) {
            outerProductTile1x8(
              x0 + floats(r),
              d,
              sum,
              rows,
              g.outWidth,
              xRow * g.strideHeight,
              xPixel,
              dyRow,
              dyPixel,
            );
            sum += 32;
          }
        }
      }
    }
    x += g.inImageBytes();
    dy += g.outImageBytes();
  }
  let sum = sums;
  for (let oc = 0; oc < g.outChannels; oc += 8) {
    const bytes = floats(min(8, g.outChannels - oc));
    for (let r = 0; r < taps; ++r) {
      memory.copy(dFilter + floats(r * g.outChannels + oc), sum, bytes);
      sum += 32;
    }
  }
}
