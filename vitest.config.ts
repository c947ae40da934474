import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
/** Their tests install kernels into TensorFlow.js in different ways, which needs a new TensorFlow.js per file. */
const INSTALLS_KERNELS = 'packages/{kernels,wasm-kernels,tensorflow-kernels}/**/*.test.ts';
/** Tests of many whole processes, and of what pages look like, take too long here; an extended check asks for them. */
const LONG = process.env['BAKEOFF_EVERY_TEST'] === undefined ? ['test/{processes,pictures}/**'] : [];
const common = {
  root,
  exclude: ['**/node_modules/**', '**/dist/**', '**/cdk.out/**', 'test/extended/**', ...LONG],
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    // Many tests wait for processes, servers and the browser.
    maxWorkers: '150%',
    // Two projects, not one per package: a worker loads each module once per project.
    projects: [
      {
        test: {
          ...common,
          name: 'shared',
          include: ['{packages,infra,test}/**/*.test.ts'],
          exclude: [...common.exclude, INSTALLS_KERNELS],
          isolate: false,
          globalSetup: `${root}test/support/build-bundle.ts`,
          env: {
            BAKEOFF_REPLICA_WORKER: `${root}packages/cli/dist/replica-worker.js`,
            // As the command line sets it: the AWS SDK is pinned to a version that supports this Node.
            AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
          },
        },
      },
      { test: { ...common, name: 'kernels', include: [INSTALLS_KERNELS], isolate: true } },
    ],
  },
});
