import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { madeUpTask } from '../testing/made-up-task.ts';
import { plainStyle, truncate, visibleLength, colorStyle } from './style.ts';
import { TerminalView } from './terminal-view.ts';

const train = madeUpTask('train', 'a', { label: 'resnet20' });

/** What a terminal of unlimited height shows. Understands only what the view writes. */
// oxlint-disable no-control-regex -- a terminal reads escape sequences
class Screen {
  readonly isTTY = true;
  columns = 80;
  lines: string[] = [''];

  write(text: string): void {
    for (const part of text.split(/(\u001b\[[0-9?]*[a-zA-Z]|\n)/)) {
      const up = /^\u001b\[(\d+)A$/.exec(part);
      if (up !== null) this.lines.splice(this.lines.length - 1 - Number(up[1]), Number.POSITIVE_INFINITY, '');
      else if (part === '\n') this.lines.push('');
      else if (!part.startsWith('\u001b')) this.lines[this.lines.length - 1] += part;
    }
  }
}

describe('TerminalView', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('shows a bar with figures, and the time left at the pace so far', () => {
    const screen = new Screen();
    screen.columns = 120;
    const left = { seconds: 3900, isUpperBound: true };
    const view = new TerminalView(screen, plainStyle, 2, 8, 'Ctrl-C stops', () => left);
    view.started(train);
    const step = (done: number) =>
      view.event(train, {
        type: 'progress',
        label: 'x',
        done,
        total: 100,
        unit: 'steps',
        figures: { epoch: 1, loss: 2.5, imagesPerSecond: 1234.5 },
      });
    step(10);
    vi.advanceTimersByTime(5000);
    step(50);
    vi.advanceTimersByTime(100);
    expect(screen.lines[0]).toMatch(
      /^. train {5}resnet20 {2}━{12}─{12} {2}epoch 1 · loss 2\.500 · 1,235 images\/s · 6/,
    );
    expect(screen.lines[1]).toBe('  0 of 2 tasks · at most about 1 h 05 min left · Ctrl-C stops');
    screen.columns = 90;
    vi.advanceTimersByTime(100);
    expect(screen.lines[0]).toMatch(/ ━{7}╸─{7}  epoch .* left$/);
    view.close();
  });

  it('leaves one line for each task that ended, and no progress bars', () => {
    const screen = new Screen();
    const view = new TerminalView(screen, plainStyle, 1, 8, '');
    view.started(train);
    vi.advanceTimersByTime(250);
    view.event(train, { type: 'message', text: 'engine wasm' });
    view.event(train, { type: 'message', text: 'engine wasm' });
    view.ended(train, {
      status: 'done',
      reused: false,
      durationMs: 1500,
      result: { epochs: 5, bestEpoch: 4, stopReason: 'earlyStopping' },
    });
    vi.advanceTimersByTime(250);
    view.close();
    expect(screen.lines).toEqual([
      '· engine wasm',
      '✔ train     resnet20  5 epochs, best 4, stopped early · 1.5 s',
      '',
    ]);
  });

  it('cuts lines to the width of the terminal, so that redrawing finds them', () => {
    const screen = new Screen();
    const view = new TerminalView(screen, colorStyle, 1, 8, '');
    view.started({ ...train, label: 'a'.repeat(200) });
    vi.advanceTimersByTime(300);
    expect(screen.lines).toHaveLength(2);
    expect(visibleLength(screen.lines[0] ?? '')).toBeLessThanOrEqual(79);
    view.close();
  });
});

describe('truncate', () => {
  it('counts visible characters, and ends the styles that it cut', () => {
    const colored = colorStyle.good('abcdef');
    expect(truncate(colored, 6)).toBe(colored);
    expect(truncate(colored, 4)).toBe('\u001b[32mabc…\u001b[0m');
  });
});
