// The GPU image in full size, with TensorFlow's library for GPUs, CUDA and cuDNN: downloads 2.5 GB of wheels and takes
// 15 GB of disk. Its size as a registry has it, and what another revision adds, against their limits.
import { cpSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report, run, skip, tail } from '../support/checks.mjs';
import { checkGpuBench } from '../support/gpu-bench.mjs';
import { build, docker, inspect, megabytes, openEngine } from './engine.mjs';
import { checkGpuImage } from './gpu-image.mjs';

const FREE_BYTES = 20e9;
const MOST_COMPRESSED_BYTES = 4e9;
const MOST_ADDED_BYTES = 50e6;

const engine = openEngine();
if (engine === undefined) skip('the GPU image in full size', 'no container engine answers');
else {
  const root = docker('info', '--format', '{{.DockerRootDir}}').stdout.trim();
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < FREE_BYTES)
    skip('the GPU image in full size', `${root} has ${megabytes(bavail * bsize)} free, of ${megabytes(FREE_BYTES)}`);
  else await check();
}

async function check() {
  const folder = mkdtempSync(join(tmpdir(), 'bakeoff-gpu-image-'));
  try {
    mkdirSync(join(folder, 'experiments'));
    cpSync(join(import.meta.dirname, 'tiny.yaml'), join(folder, 'experiments/tiny.yaml'));
    const image = await checkGpuImage(engine, 'gpu', folder);
    if (image === undefined) return;
    checkGpuBench('in the GPU image', ['--image', image]);
    checkCompressed(image);
    await checkRevision(image);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    engine.close();
  }
}

/** Layers as gzip's fastest level packs them, which is no less than a registry holds. */
function checkCompressed(image) {
  const packed = run('sh', ['-c', `docker save ${image} | gzip -1 | wc -c`]);
  const bytes = Number(packed.stdout);
  report(
    `the GPU image is at most ${megabytes(MOST_COMPRESSED_BYTES)} compressed`,
    bytes > 0 && bytes <= MOST_COMPRESSED_BYTES,
    packed.passed ? `${megabytes(bytes)} with its base, by gzip -1` : tail(packed),
  );
}

/** Another revision shares the layers below its code. */
async function checkRevision(image) {
  const other = `${image}-other`;
  const built = await build('gpu', other, { REVISION: 'another', LIBRARIES: 'gpu' });
  if (!built.passed) return report('the GPU image builds of another revision', false, tail(built));
  const [first, second] = [image, other].map((name) => inspect(name).RootFS.Layers);
  const shared = second.filter((layer) => first.includes(layer)).length;
  // The history begins with the newest; instructions that add no files have no layer.
  const sizes = docker('history', '--human=false', '--format', '{{.Size}}', other)
    .stdout.trim()
    .split('\n')
    .map(Number);
  docker('image', 'rm', other);
  const added = sizes
    .filter((bytes) => bytes > 0)
    .slice(0, second.length - shared)
    .reduce((sum, bytes) => sum + bytes, 0);
  report(
    `another revision of the GPU image adds less than ${megabytes(MOST_ADDED_BYTES)}`,
    shared < second.length && added > 0 && added < MOST_ADDED_BYTES,
    `${megabytes(added)}, uncompressed, in ${second.length - shared} of ${second.length} layers`,
  );
}
