// The machine and software of the measurements, and the peak speed of a core.
import { engineContestant, torchContestant } from './contestants.mjs';
import { figure } from './table.mjs';

const SMALLEST = { network: 'cifarnet', batch: 32 };

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
async function askTorch(python, environment) {
  try {
    const [about, speed] = await asked(torchContestant(python, SMALLEST, 'contiguous', { environment }), [
      { about: true },
      { matmul: true },
    ]);
    return { ...about, ...speed };
  } catch (error) {
    console.error(`PyTorch does not work: ${error.message}`);
    return null;
  }
}

/** Both sides' build and capability at a vector width: facts for JSON, lines to print. */
async function describeWidth({ name, title, environment }, python) {
  const [engine] = await asked(engineContestant(SMALLEST, 'wasm', environment), [{ about: true }]);
  const torch = python === undefined ? null : await askTorch(python, environment);
  const lines = [
    `${title}:`,
    `  Bakeoff: engine ${engine.engine} (${engine.build}), TensorFlow.js ${engine.versions['tfjs-core']}`,
    ...(torch === null
      ? []
      : [
          `  PyTorch ${torch.torch}: ${torch.capability}, BLAS ${torch.blas}, oneDNN ${torch.oneDnn ? 'on' : 'off'}`,
          ...torch.libraries.map((library) => `    ${library}`),
          `  Peak of one core: ${figure(torch.gflops)} GFLOPS (PyTorch's 1024 × 1024 matrix product)`,
        ]),
  ];
  return { lines, facts: { name, title, engine, torch } };
}

/** The machine and, at each vector width, both sides: facts for JSON, lines to print. */
export async function describeMachine(python, host, widths) {
  const described = [];
  for (const width of widths) described.push(await describeWidth(width, python));
  const lines = [
    `${host.processor} (class ${host.class}), ${host.cores} cores, ${host.memoryGib} GiB; Node.js ${host.node}`,
    ...(host.class === 'avx2' ? ['This processor has no AVX-512: the rows of AVX2 are measured.'] : []),
    ...described.flatMap((each) => each.lines),
    ...(python === undefined ? ['PyTorch is not available: only this engine is measured.'] : []),
  ];
  return { lines, facts: { ...host, widths: described.map(({ facts }) => facts) } };
}
