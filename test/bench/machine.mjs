// The machine and software of the measurements, and the peak speed of a core.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { engineContestant, nodeFlags, torchContestant } from './contestants.mjs';
import { figure } from './table.mjs';

/** A separate process, so that the flags of the engine's workers also apply to it. */
function wasmPeak(build) {
  const script = `import { wasmPeakGflops } from ${JSON.stringify(new URL('peak.mjs', import.meta.url))}; console.log(await wasmPeakGflops(${JSON.stringify(build)}));`;
  return Number(
    execFileSync(process.execPath, [...nodeFlags, '--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      encoding: 'utf8',
    }),
  );
}

async function asked(contestant, requests) {
  try {
    const answers = [];
    for (const request of requests) answers.push((await contestant.ask(request))[0]);
    return answers;
  } finally {
    await contestant.stop();
  }
}

/** PyTorch's version, libraries and speed of a matrix product; null, with a message, if it does not work. */
async function askTorch(python, smallest) {
  try {
    const [about, speed] = await asked(torchContestant(python, smallest, 'contiguous'), [
      { about: true },
      { matmul: true },
    ]);
    return { ...about, ...speed };
  } catch (error) {
    console.error(`PyTorch does not work: ${error.message}`);
    return null;
  }
}

/**
 * The machine, both sides' versions and libraries, and the measured peaks of one core: facts for JSON, lines to print.
 */
export async function describeMachine(python, host) {
  const smallest = { network: 'cifarnet', batch: 32 };
  const [engine] = await asked(engineContestant(smallest), [{ about: true }]);
  const peakGflops = { wasm: wasmPeak(engine.build) };
  const lines = [
    `${host.processor}, ${host.cores} cores, ${host.memoryGib} GiB; Node.js ${host.node}`,
    `Bakeoff: engine ${engine.engine} (${engine.build}), TensorFlow.js ${engine.versions['tfjs-core']}`,
  ];
  const torch = python === undefined ? null : await askTorch(python, smallest);
  if (torch !== null) {
    peakGflops.native = torch.gflops;
    lines.push(
      `PyTorch ${torch.torch}: BLAS ${torch.blas}, oneDNN ${torch.oneDnn ? 'on' : 'off'}`,
      ...torch.libraries.map((library) => `  ${library}`),
    );
  } else {
    lines.push('PyTorch is not available: only this engine is measured.');
  }
  const native = torch === null ? '' : `, native ${figure(peakGflops.native)} (PyTorch's 1024 × 1024 matrix product)`;
  lines.push(`Peak of one core: WebAssembly ${figure(peakGflops.wasm)} GFLOPS (${engine.build} in registers)${native}`);
  return { lines, facts: { ...host, engine, torch, peakGflops } };
}
