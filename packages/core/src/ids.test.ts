import { expect, it } from 'vitest';
import { datasetId } from './ids.ts';

const split = { validation: 100, train: null, stratified: true, seed: 1 };

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
