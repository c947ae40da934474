import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository } from './support/bakeoff.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

it('every picture of the README exists', () => {
  const pictures = [...read('README.md').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = '']) => path);
  expect(pictures.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  expect(pictures.length).toBeGreaterThan(1);
});

it('the picture of the terminal shows the plan that the quickstart has; `node scripts/make-pictures.mjs` takes it anew', () => {
  const picture = read('docs/pictures/terminal.svg');
  const ids = JSON.parse(read('test/support/data/golden-ids.json')) as Record<
    string,
    { plan: string; evaluationsByRun: object }
  >;
  const { plan, evaluationsByRun } = ids['quickstart.yaml']!;
  expect(picture).toContain(`plan ${plan}`);
  for (const runId of Object.keys(evaluationsByRun)) expect(picture).toContain(runId.slice(0, 8));
});
