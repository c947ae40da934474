import { expect, it } from 'vitest';
import { requireMemory } from './require-memory.ts';
import { madeUpTask } from '../testing/made-up-task.ts';

const MIB = 2 ** 20;
const task = madeUpTask('train', 'a', { label: 'resnet20', memoryBytes: 300 * MIB });

it('refuses a task that a container’s limit would end, naming the limit and the need', () => {
  expect(() => requireMemory(task, 200 * MIB, 16_000 * MIB)).toThrow(
    /too little memory for train resnet20[^]*200 MiB, the limit of this container[^]*about 300 MiB[^]*docker run --memory 300m/,
  );
});

it('refuses it on a machine that is too small, where containers without a limit report more memory than exists', () => {
  expect(() => requireMemory(task, Number.MAX_SAFE_INTEGER, 200 * MIB)).toThrow(
    /received: 200 MiB\n[^]*use a machine with more memory/,
  );
});

it('lets it run with about as much memory as it takes, or without a limit', () => {
  requireMemory(task, 280 * MIB, 16_000 * MIB);
  requireMemory(task, 0, 16_000 * MIB);
});
