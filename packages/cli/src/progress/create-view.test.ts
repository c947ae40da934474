import { afterEach, describe, expect, it, vi } from 'vitest';
import { madeUpTask } from '../testing/made-up-task.ts';
import { createView } from './create-view.ts';
import { styleFor } from './style.ts';

const train = madeUpTask('train', 'a', { label: 'resnet20' });

/** Everything that a view writes about one task to a terminal of this type. */
function written(term: string): string {
  vi.stubEnv('TERM', term);
  let text = '';
  const messages = { isTTY: true, columns: 80, write: (part: string) => (text += part) };
  const context = { messages, output: messages, messageStyle: styleFor(messages) };
  const view = createView(context, { json: false, tasks: [train], hint: 'Ctrl-C stops' });
  view.started(train);
  view.event(train, { type: 'warning', text: 'blank pictures' });
  view.ended(train, { status: 'done', reused: true, durationMs: 1, result: { epochs: 2, bestEpoch: 2 } });
  view.close();
  return text;
}

describe('createView', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('writes plain lines to a dumb terminal', () => {
    expect(written('dumb').split('\n')).toEqual([
      '▸ train     resnet20',
      '⚠ blank pictures',
      '✔ train     resnet20  2 epochs, best 2 · already done',
      '',
    ]);
  });

  it('draws with escape sequences on another terminal', () => {
    expect(written('xterm')).toContain('\u001b[?25l');
  });
});
