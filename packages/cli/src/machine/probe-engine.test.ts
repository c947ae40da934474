import { describe, expect, it } from 'vitest';
import { ANSWER, type EngineProbe } from './engine-probe.ts';
import { probeEngine } from './probe-engine.ts';

/** The result of probing with a process that runs this code instead of the command line. */
function probe(code: string, answerWithinMs = 20_000): Promise<EngineProbe> {
  return probeEngine('tensorflow', {
    signal: new AbortController().signal,
    command: [process.execPath, '--eval', code, '--'],
    answerWithinMs,
  });
}

describe('probeEngine', () => {
  it('finds the answer among the lines that libraries print', async () => {
    const answer: EngineProbe = {
      engine: 'tensorflow',
      works: true,
      build: 'TensorFlow 2.9.1, CPU',
      shortfall: null,
      versions: { tensorflow: '2.9.1' },
    };
    expect(
      await probe(
        `console.log('I tensorflow/core: oneDNN'); console.log(${JSON.stringify(ANSWER)} + ${JSON.stringify(JSON.stringify(answer))}); console.log('bye')`,
      ),
    ).toEqual(answer);
  });

  it('names the engine to the process it starts', async () => {
    expect(
      await probe(
        `console.log(${JSON.stringify(ANSWER)} + JSON.stringify({ engine: process.argv.at(-1), works: false, reason: '', fix: null }))`,
      ),
    ).toMatchObject({ engine: 'tensorflow' });
  });

  it('survives a native library that crashes, and reports the signal and the last line it printed', async () => {
    expect(
      await probe(
        `process.stderr.write('first\\nlibtensorflow: illegal instruction\\n', () => process.kill(process.pid, 'SIGSEGV')); setInterval(() => {}, 1000)`,
      ),
    ).toEqual({
      engine: 'tensorflow',
      works: false,
      reason: 'loading it ends the process by SIGSEGV: libtensorflow: illegal instruction',
      fix: expect.stringContaining('reinstall its package') as string,
    });
  });

  it('reports the exit code if there is no answer', async () => {
    expect(await probe('process.exit(127)')).toMatchObject({
      works: false,
      reason: 'loading it ends the process with exit code 127',
    });
    expect(await probe('')).toMatchObject({ works: false, reason: 'loading it ends the process with exit code 0' });
  });

  it('does not wait forever', async () => {
    expect(await probe('setInterval(() => {}, 1000)', 300)).toMatchObject({
      works: false,
      reason: 'no answer within 0.3 seconds, or out of memory',
    });
  });
});
