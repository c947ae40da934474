// TensorFlow's C library for CPUs, as docker/gpu/libraries-cpu.txt pins it, laid out as the GPU image has it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root, run, tail } from './checks.mjs';

const FETCH = join(root, 'docker/gpu/fetch-libraries.sh');
/** What determines the folder's contents. */
const SOURCES = ['libraries-cpu.txt', 'unpack-libraries.py'];

/** The folder with `tensorflow/`, downloaded at the first call; throws if the wheel is not available. */
export function fetchLibtensorflow() {
  const digest = createHash('sha256');
  for (const name of SOURCES) digest.update(readFileSync(join(root, 'docker/gpu', name)));
  const folder = join(cache, `libraries-cpu-${digest.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  mkdirSync(cache, { recursive: true });
  const fetched = run('sh', [FETCH, 'cpu', partial]);
  if (!fetched.passed) {
    rmSync(partial, { recursive: true, force: true });
    throw new Error(`libtensorflow could not be fetched: ${tail(fetched)}`);
  }
  renameSync(partial, folder);
  return folder;
}
