// Preparing all of CIFAR-10 (view 0), compared with `gzip -dc` of the same archive and writing its output. The two
// alternate in one run.
//   usage: npx tsx test/bench/data-prep/unpack-speed.ts ARCHIVE
// Exits with 1 above twice gzip's time, or at 500 MiB of memory.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasetId, type DatasetConfig } from '@bakeoff/core';
import { FileStore } from '@bakeoff/core/file';
import { fingerprintSource, prepareDataset } from '../../../packages/data-prep/src/index.ts';

const ROUNDS = 3;
const archive = process.argv[2]!;
const folder = mkdtempSync(join(tmpdir(), 'bakeoff-unpack-'));
const config: DatasetConfig = {
  source: 'cifar10',
  validation: 5000,
  train: null,
  stratified: true,
  seed: 1,
  onDuplicates: 'warn',
};
const options = { archive, cacheFolder: folder };
const quiet = {
  log: () => undefined,
  signal: new AbortController().signal,
  clock: { nowMs: Date.now, elapsedMs: () => performance.now() },
};

async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const { sha256 } = await fingerprintSource(config, options, quiet);
const ratios: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const raw = join(folder, 'raw');
  const gzip = await seconds(() => execFileSync('sh', ['-c', 'gzip -dc "$0" > "$1" && sync "$1"', archive, raw]));
  const out = join(folder, `out-${round}`);
  const prepare = await seconds(() =>
    prepareDataset({ config, datasetId: datasetId(config, sha256, []), sourceSha256: sha256 }, options, {
      ...quiet,
      store: new FileStore(out),
    }),
  );
  console.log(
    `prepared in ${prepare.toFixed(2)} s, gzip -dc and writing ${gzip.toFixed(2)} s: ${(prepare / gzip).toFixed(2)} times`,
  );
  ratios.push(prepare / gzip);
  rmSync(out, { recursive: true });
}
rmSync(folder, { recursive: true });
const memoryMib = process.resourceUsage().maxRSS / 1024;
console.log(`peak memory ${Math.round(memoryMib)} MiB`);
const median = ratios.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
if (median > 2 || memoryMib >= 500) process.exitCode = 1;
