import { defineConfig } from 'vitest/config';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
/** Their tests install kernels into TensorFlow.js in different ways, which needs a new TensorFlow.js per file. */
const INSTALLS_KERNELS = new Set(['kernels', 'wasm-kernels', 'tensorflow-kernels']);
const project = (name: string, folder: string, more: { globalSetup?: string } = {}) => ({
  test: {
    ...more,
    name,
    root: root + folder,
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/cdk.out/**', 'extended/**'],
    // Elsewhere, a worker keeps the modules that it has loaded: loading them for each file took a fifth of all the time.
    isolate: INSTALLS_KERNELS.has(name),
    // The command line sets it for itself: the AWS SDK is pinned to a version that supports this Node.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
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
