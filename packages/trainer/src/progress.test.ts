import { expect, it } from 'vitest';
import { Progress } from './progress.ts';
import { ManualClock } from './testing/manual-clock.ts';

it('Progress reports at most twice per second, and whenever it has to', () => {
  const clock = new ManualClock();
  const steps: number[] = [];
  const log = (event: { type: string; done?: number }): void => void steps.push(event.done ?? -1);
  const progress = new Progress({ clock, log }, 'run', 100);
  for (let step = 1; step <= 12; step++) {
    progress.report(step, () => ({}), step === 8);
    clock.advance(100);
  }
  expect(steps).toEqual([1, 6, 8]);
});
