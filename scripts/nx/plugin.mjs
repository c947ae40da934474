import { dirname } from 'node:path';

export const name = 'bakeoff-nx';

/** Every workspace has tests that run the same way. nx.json says what they read. */
export const createNodes = [
  '{packages/*,infra,test}/package.json',
  (files) =>
    files.map((file) => [
      file,
      { projects: { [dirname(file)]: { targets: { test: { executor: './scripts/nx:vitest' } } } } },
    ]),
];
