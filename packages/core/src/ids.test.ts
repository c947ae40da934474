import { expect, it } from 'vitest';
import { datasetId } from './ids.ts';

const split = { validation: 100, train: null, stratified: true, seed: 1, onDuplicates: 'warn' } as const;

it('an image folder is identified by its content, wherever it is', () => {
  const paths = ['path', 'testPath'];
  const sha256 = 'ab'.repeat(32);
  const id = datasetId({ source: 'image-folder', path: '/a/flowers', testPath: '/a/test', ...split }, sha256, paths);
  expect(id).toBe('e70a4c4469ca7c7c');
  expect(datasetId({ source: 'image-folder', path: 'b', testPath: 'c', ...split }, sha256, paths)).toBe(id);
  expect(datasetId({ source: 'image-folder', path: 'b', testImages: 50, ...split }, sha256, paths)).toBe(
    'b61541974964615b',
  );
});

it('what is done about duplicates is part of the id, unless they are only counted', () => {
  const ids = (['warn', 'drop', 'refuse'] as const).map((onDuplicates) =>
    datasetId({ source: 'cifar10', ...split, onDuplicates }, 'ab'.repeat(32), []),
  );
  const { onDuplicates: _onDuplicates, ...before } = split;
  expect(ids[0]).toBe(datasetId({ source: 'cifar10', ...before } as never, 'ab'.repeat(32), []));
  expect(new Set(ids).size).toBe(3);
});
