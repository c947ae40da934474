// README's promises: a fresh clone, and its command lines one after the other as they are typed, on a made-up archive of
// CIFAR-10; those that train, and those that read what was trained, with 500 images and one epoch. `npm test` is left
// out. Prints each command line with the end of what it printed, as a transcript, on standard error.
import { randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report, root, run } from '../support/checks.mjs';

const BATCHES = [...[1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`), 'test_batch.bin'];
const RECORDS = 10_000;
const RECORD_BYTES = 1 + 3072;
const SHORT = ['--set', 'maxEpochs=1', '--set', 'dataset.train=500'];
/** What trains, or reads what was trained. */
const TRAINS = /^(npm start|npx bakeoff (run|report|plan|data-prep)) ?/;

const folder = mkdtempSync(join(tmpdir(), 'bakeoff-readme-'));
try {
  const clone = join(folder, 'clone');
  const cloned = run('git', ['clone', '-q', root, clone]);
  if (!cloned.passed) report('clone', false, cloned.stderr);
  else walk(clone);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function walk(clone) {
  const text = readFileSync(join(clone, 'README.md'), 'utf8');
  writeFileSync(join(clone, 'dropout.yaml'), /```yaml\n([\s\S]*?)```/.exec(text)[1]);
  const archive = writeArchive(clone);
  writePictures(join(clone, 'pets'));
  const env = { ...process.env, BAKEOFF_CIFAR10: archive, XDG_CACHE_HOME: join(folder, 'cache') };
  for (const line of commandLines(text)) {
    const typed = TRAINS.test(line) ? lengthened(line) : line;
    const { passed, status, stdout, stderr } = run('bash', ['-c', typed], { cwd: clone, env });
    console.error(`$ ${typed}\n${lastLines(`${stdout}${stderr}`)}\n`);
    report(line, passed, passed ? '' : `exit code ${status}: ${stderr.trim().split('\n').at(-1)}`);
  }
}

function commandLines(text) {
  const lines = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block.split('\n'));
  return lines.map((line) => line.replace(/\s+#.*$/, '').trim()).filter((line) => line !== '' && line !== 'npm test');
}

function lengthened(line) {
  return [line, ...(line === 'npm start' ? ['--'] : []), ...SHORT].join(' ');
}

function lastLines(text) {
  return text.trimEnd().split('\n').slice(-14).join('\n');
}

/** An archive in the official layout with random pixels. */
function writeArchive(clone) {
  const batches = join(folder, 'cifar-10-batches-bin');
  mkdirSync(batches);
  for (const name of BATCHES) {
    const bytes = randomFillSync(Buffer.alloc(RECORDS * RECORD_BYTES));
    for (let i = 0; i < RECORDS; i++) bytes[i * RECORD_BYTES] = i % 10;
    writeFileSync(join(batches, name), bytes);
  }
  const archive = join(clone, 'cifar-10-binary.tar.gz');
  run('tar', ['-C', folder, '-I', 'gzip -1', '-cf', archive, 'cifar-10-batches-bin']);
  return archive;
}

/** Two classes of one picture of 1×1, ten times each. */
function writePictures(pets) {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  for (const name of ['cat', 'dog']) {
    mkdirSync(join(pets, name), { recursive: true });
    for (let i = 0; i < 10; i++) writeFileSync(join(pets, name, `${i}.png`), png);
  }
}
