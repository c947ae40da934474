import { afterEach, describe, expect, it, vi } from 'vitest';
import { madeUpTask } from '../testing/made-up-task.ts';
import { PlainView } from './plain-view.ts';

const train = madeUpTask('train', 'a', { label: 'resnet20' });

function record(): { view: PlainView; lines: () => string[] } {
  let text = '';
  return { view: new PlainView({ write: (part) => (text += part) }, 10), lines: () => text.trimEnd().split('\n') };
}

describe('PlainView', () => {
  afterEach(() => void vi.useRealTimers());

  it('prints one line per epoch, with the figures at its end', () => {
    const { view, lines } = record();
    view.started(train);
    for (let step = 1; step <= 40; step++) {
      const epoch = Math.ceil(step / 20);
      view.event(train, {
        type: 'progress',
        label: 'a',
        done: step,
        total: 40,
        unit: 'steps',
        figures: { epoch, loss: 1 / step, ...(step === 20 ? { validationAccuracy: 0.5 } : {}) },
      });
    }
    view.ended(train, {
      status: 'done',
      reused: false,
      durationMs: 2000,
      result: { epochs: 2, bestEpoch: 2, stopReason: 'maxEpochs' },
    });
    expect(lines()).toEqual([
      '▸ train     resnet20',
      '  train     resnet20    epoch 1 · loss 0.050 · val 50.0 %',
      '  train     resnet20    epoch 2 · loss 0.025',
      '✔ train     resnet20    2 epochs, best 2 · 2.0 s',
    ]);
  });

  it('prints quarters of long work without epochs, and nothing of short work', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { view, lines } = record();
    const work = (stepMs: number) => {
      view.started(train);
      for (let done = 0; done <= 100; done++) {
        view.event(train, { type: 'progress', label: 'writing', done, total: 100, unit: 'images' });
        vi.advanceTimersByTime(stepMs);
      }
    };
    work(10);
    expect(lines()).toEqual(['▸ train     resnet20']);
    work(1000);
    expect(lines().slice(2)).toEqual(
      [25, 50, 75, 100].map((done) => `  train     resnet20    writing: ${done} of 100 images`),
    );
  });

  it('says the time left when a task has ended, but not after every short one', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    let text = '';
    const left = { seconds: 200, isUpperBound: false };
    const view = new PlainView({ write: (part) => (text += part) }, 10, () => left);
    for (const seconds of [25, 10, 25, 10]) {
      vi.advanceTimersByTime(seconds * 1000);
      view.ended(train, { status: 'interrupted' });
    }
    const said = text.split('\n').flatMap((line, i) => (line === '· about 3 min 20 s left' ? [i] : []));
    expect(said).toEqual([2, 5]);
  });

  it('prints one line for tasks that are skipped together', () => {
    const { view, lines } = record();
    const skipped = { status: 'skipped', because: 'data-prep failed' } as const;
    for (const id of ['a', 'b']) view.ended(madeUpTask('train', id), skipped);
    view.ended(train, { status: 'failed', exitCode: 2, message: 'damaged' });
    view.ended(madeUpTask('evaluate', 'c'), { ...skipped, because: 'train failed' });
    expect(lines()).toEqual([
      '– train     a           skipped: data-prep failed',
      '✖ train     resnet20    failed',
      '    damaged',
      '– evaluate  c           skipped: train failed',
    ]);
  });

  it('prints the same message only once', () => {
    const { view, lines } = record();
    for (const task of [train, { ...train, id: 'train:b' }]) view.event(task, { type: 'message', text: 'engine wasm' });
    expect(lines()).toEqual(['· engine wasm']);
  });
});
