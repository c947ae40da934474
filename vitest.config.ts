import { defineConfig } from 'vitest/config';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const project = (name: string, folder: string, more: { globalSetup?: string } = {}) => ({
  test: {
    ...more,
    name,
    root: root + folder,
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/cdk.out/**', 'extended/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default defineConfig({
  test: {
    // The default leaves one core idle, which on two cores is half of them.
    maxWorkers: '100%',
    projects: [
      ...readdirSync(`${root}packages`).map((name) => project(name, `packages/${name}`)),
      project('infra', 'infra'),
      // They run the bundle.
      project('test', 'test', { globalSetup: `${root}test/support/build-bundle.ts` }),
    ],
  },
});
