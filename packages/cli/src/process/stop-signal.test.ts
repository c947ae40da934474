import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { listenForStop } from './stop-signal.ts';

/** Signals are not sent: the process of the test runner has listeners of its own, which end it. */
let emit: (signal: NodeJS.Signals) => void;
beforeEach(() => {
  const source = new EventEmitter();
  emit = (signal) => void source.emit(signal);
  vi.spyOn(process, 'on').mockImplementation((name: string | symbol, listener: () => void) => {
    source.on(name, listener);
    return process;
  });
  return () => {
    vi.restoreAllMocks();
    // It is the test runner's.
    process.channel?.ref();
  };
});

class Exited extends Error {}
const exit = (): never => {
  throw new Exited();
};

const stream = (isTTY: boolean) => Object.assign(new EventEmitter(), { isTTY });
const failing = (code: string) => Object.assign(new Error(`write ${code}`), { code });

describe('SIGHUP', () => {
  it('asks a process that prints to a terminal to stop, and is not a second Ctrl-C', () => {
    const stop = listenForStop({ exit, written: [stream(false), stream(true)] });
    emit('SIGHUP');
    expect(stop.cause()).toBe('SIGHUP');
    expect(stop.signal.aborted).toBe(true);
    expect(() => emit('SIGHUP')).not.toThrow();
  });

  it('is ignored where nothing is a terminal, as under nohup; SIGTERM is not', () => {
    const stop = listenForStop({ exit, written: [stream(false), stream(false)] });
    emit('SIGHUP');
    expect(stop.cause()).toBeUndefined();
    expect(stop.signal.aborted).toBe(false);
    emit('SIGTERM');
    expect(stop.cause()).toBe('SIGTERM');
  });
});

describe('a stream that nobody reads', () => {
  it('asks to stop if it is a pipe, and changes nothing if something else has asked before', () => {
    const pipe = stream(false);
    const stop = listenForStop({ exit, written: [pipe] });
    pipe.emit('error', failing('EPIPE'));
    expect([stop.cause(), stop.signal.aborted]).toEqual(['unread', true]);

    const later = listenForStop({ exit, written: [pipe] });
    emit('SIGINT');
    pipe.emit('error', failing('EPIPE'));
    expect(later.cause()).toBe('SIGINT');
  });

  it('is nothing to stop for if it was a terminal, which has SIGHUP for that; other errors are thrown', () => {
    const terminal = stream(true);
    const stop = listenForStop({ exit, written: [terminal] });
    terminal.emit('error', failing('EIO'));
    expect(stop.cause()).toBeUndefined();
    expect(() => terminal.emit('error', failing('ENOSPC'))).toThrow('write ENOSPC');
  });
});

it('a second Ctrl-C tells who wants to know, and ends the process', () => {
  const stop = listenForStop({ exit, written: [] });
  let told = 0;
  stop.onImpatience(() => told++);
  emit('SIGINT');
  expect({ cause: stop.cause(), told }).toEqual({ cause: 'SIGINT', told: 0 });
  expect(() => emit('SIGINT')).toThrow(Exited);
  expect(told).toBe(1);
});
