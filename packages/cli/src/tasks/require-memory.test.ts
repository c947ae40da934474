import { expect, it } from 'vitest';
import { requireMemory } from './require-memory.ts';
import type { Task } from './task.ts';

const MIB = 2 ** 20;
const task: Task = {
  id: 'train:a',
  stage: 'train',
  label: 'resnet20',
  command: [],
  requires: [],
  follows: [],
  cores: 1,
  memoryBytes: 300 * MIB,
  work: 0,
};

it('refuses a task that a container’s limit would end, naming limit and need', () => {
  expect(() => requireMemory(task, 200 * MIB, 16_000 * MIB)).toThrow(
    /too little memory for train resnet20[^]*200 MiB, the limit of this container[^]*about 300 MiB[^]*docker run --memory 300m/,
  );
});

it('refuses it on a machine that is too small, whose unlimited containers report more memory than there is', () => {
  expect(() => requireMemory(task, Number.MAX_SAFE_INTEGER, 200 * MIB)).toThrow(
    /received: 200 MiB\n[^]*use a machine with more memory/,
  );
});

it('lets it run with about what it takes, or without a limit', () => {
  requireMemory(task, 280 * MIB, 16_000 * MIB);
  requireMemory(task, 0, 16_000 * MIB);
});
