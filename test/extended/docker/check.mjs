// Images, docker compose and `bakeoff run --docker` with a real engine; results are compared byte for byte with those
// of plain processes.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report, run, skip, tail } from '../support/checks.mjs';
import { openEngine } from './engine.mjs';
import { checkEndings } from './endings.mjs';
import { checkCpuImage } from './images.mjs';
import { checkGpuImage } from './gpu-image.mjs';
import { bakeoff, checkCompose, checkRunInContainers } from './pipelines.mjs';
import { checkRefusals } from './refusals.mjs';

const engine = openEngine();
if (engine === undefined) skip('images and containers', 'no container engine answers');
else await check();

async function check() {
  const folder = mkdtempSync(join(tmpdir(), 'bakeoff-docker-'));
  try {
    mkdirSync(join(folder, 'experiments'));
    cpSync(join(import.meta.dirname, 'tiny.yaml'), join(folder, 'experiments/tiny.yaml'));
    // The plain results come from this repository, like the images.
    const bundle = run('npm', ['run', 'prepare']);
    if (!bundle.passed) return report('the bundle is built', false, tail(bundle));
    if (!(await checkCpuImage(engine))) return;
    const plain = bakeoff(['run', 'experiments/tiny.yaml', '--out', 'plain'], folder);
    if (!plain.passed) return report('the manifest runs in plain processes', false, tail(plain));
    checkRunInContainers(folder);
    await checkEndings(folder);
    checkRefusals(folder);
    await checkCompose(folder);
    await checkGpuImage(engine, 'cpu', folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    engine.close();
  }
}
