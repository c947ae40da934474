// Recorded steps against eager ones on one thread of libtensorflow's CPU device: memory over many steps, and time.
import { join } from 'node:path';
import { report, run, tail } from '../support/checks.mjs';

const resnet20 = (channels) => ({ type: 'resnet', blocks: [3, 3, 3], channels, dropout2d: 0 });
/** The tiny one costs little but its dispatches. */
const TIMED = [
  { name: 'ResNet20 of 2 to 8 channels on images of 8×8, batch 2', model: resnet20([2, 4, 8]), side: 8, batch: 2 },
  { name: 'CIFARnet, batch 32', model: { type: 'cifarnet' }, side: 32, batch: 32 },
  { name: 'ResNet20, batch 32', model: resnet20([16, 32, 64]), side: 32, batch: 32 },
];
const ROUNDS = 5;
const MANY = 10_000;
/** Bytes per step that could still be the allocator's. */
const MOST_GROWTH = 400;

export function checkRecordedSteps(env) {
  const call = (settings) =>
    run(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'recorded-steps.mts'), JSON.stringify(settings)],
      {
        env: { ...process.env, ...env },
      },
    );
  const { model, side, batch } = TIMED[0];
  const memory = call({ model, side, batch, many: MANY });
  if (!memory.passed) return report(`memory over ${MANY} recorded steps`, false, tail(memory));
  const { growth, tensors, handles } = JSON.parse(memory.stdout);
  report(
    `memory stays flat over ${MANY} recorded steps`,
    tensors === 0 && handles === 0 && growth < MOST_GROWTH,
    `${growth.toFixed(0)} bytes per step, ${tensors} tensors and ${handles} handles more`,
  );
  for (const { name, ...settings } of TIMED) {
    const timed = call({ ...settings, rounds: ROUNDS });
    if (!timed.passed) return report(`speed of recorded steps: ${name}`, false, tail(timed));
    const { eager, recorded, xla } = JSON.parse(timed.stdout);
    const figures = Object.entries({ eager, recorded, xla }).map(([way, ms]) => `${way} ${ms.toFixed(2)} ms`);
    report(
      `processor time per step, medians of ${ROUNDS} rounds in turns: ${name}`,
      true,
      `${figures.join(', ')}; recorded ${(eager / recorded).toFixed(2)} ×, XLA ${(eager / xla).toFixed(2)} ×`,
    );
  }
}
