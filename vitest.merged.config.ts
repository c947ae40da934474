import { defineConfig } from 'vitest/config';
export default defineConfig({
  test: {
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'merged',
          root: process.cwd(),
          include: [
            'packages/{core,model,data-prep,report,evaluator,trainer,engine,statistics,cli}/**/*.test.ts',
            'infra/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/dist/**', '**/cdk.out/**'],
          isolate: false,
          testTimeout: 60000,
          hookTimeout: 60000,
        },
      },
    ],
  },
});
