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

describe('SIGHUP', () => {
  it('asks a process that prints to a terminal to stop, and is not a second Ctrl-C', () => {
    const stop = listenForStop({ exit, onTerminal: true });
    emit('SIGHUP');
    expect(stop.cause()).toBe('SIGHUP');
    expect(stop.signal.aborted).toBe(true);
    expect(() => emit('SIGHUP')).not.toThrow();
  });

  it('is ignored where nothing is a terminal, as under nohup; SIGTERM is not', () => {
    const stop = listenForStop({ exit, onTerminal: false });
    emit('SIGHUP');
    expect(stop.cause()).toBeUndefined();
    expect(stop.signal.aborted).toBe(false);
    emit('SIGTERM');
    expect(stop.cause()).toBe('SIGTERM');
  });
});

it('a second Ctrl-C tells who wants to know, and ends the process', () => {
  const stop = listenForStop({ exit, onTerminal: true });
  let told = 0;
  stop.onImpatience(() => told++);
  emit('SIGINT');
  expect({ cause: stop.cause(), told }).toEqual({ cause: 'SIGINT', told: 0 });
  expect(() => emit('SIGINT')).toThrow(Exited);
  expect(told).toBe(1);
});
