import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stageNames } from '@bakeoff/core';
import type { FirstLinesRow } from '@bakeoff/report/first-lines';
import { expect, it } from 'vitest';
import { planManifestFile } from '../packages/cli/src/plans/load-plan.ts';
import { rankedLines } from '../packages/cli/src/progress/ranked-lines.ts';
import { plainStyle } from '../packages/cli/src/progress/style.ts';
import { repository } from './support/bakeoff.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const terminal = (): string =>
  read('docs/pictures/terminal.svg')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('\u00a0', ' ');
const words = (line: string): string[] => line.trim().split(/ +/);

it('every picture of the README exists', () => {
  const pictures = [...read('README.md').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = '']) => path);
  expect(pictures.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  expect(pictures.length).toBeGreaterThan(1);
});

it('the picture of the terminal shows a run of the quickstart; `node scripts/make-pictures.mjs` takes it anew', async () => {
  const picture = terminal();
  const { experiments, runs, datasets } = await planManifestFile(
    join(repository, 'experiments/quickstart.yaml'),
    { cache: '' },
    { log: () => undefined, signal: new AbortController().signal },
  );
  expect(picture).toContain(`quickstart: ${experiments.length} experiments, ${runs.length} runs → out`);
  for (const stage of stageNames) expect(picture).toContain(`✔ ${stage.padEnd(9)} `);
  const { train, validation, test } = datasets[0]!.images;
  const [images, ...held] = [train, validation, test].map((number) => number.toLocaleString('en-US'));
  expect(picture).toContain(`${images} training, ${held[0]} validation, ${held[1]} test images`);
  for (const { id } of experiments) expect(picture).toMatch(new RegExp(`✔ train +${id} +4 epochs`));
});

it('its table has the columns and the key of today, and the marks of the quickstart', () => {
  const row: FirstLinesRow = {
    mark: '★',
    name: 'A network',
    standing: 'chosen',
    estimate: 0.5,
    deviation: null,
    interval: null,
    trainings: 1,
    planned: 1,
    macs: 1e6,
    secondsPerTraining: 60,
    dollarsPerTraining: null,
  };
  const marks = [
    ['★', 'chosen by validation accuracy'],
    ['≈', 'not shown to differ from it'],
    ['▼', 'worse'],
  ] as const;
  const [titles = '', , ...key] = rankedLines([{ source: '', verdict: '', rows: [row], marks }], {
    style: plainStyle,
    columns: 80,
  }).slice(2, -1);
  const shown = terminal().split('\n').map(words);
  expect(words(titles)).toContain('accuracy');
  expect(key).toHaveLength(2);
  for (const line of [titles, ...key]) expect(shown).toContainEqual(words(line));
});
