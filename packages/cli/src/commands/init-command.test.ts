import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseManifest, type Plan } from '@bakeoff/core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planManifestFile } from '../plans/load-plan.ts';
import { vocabulary } from '../plans/vocabulary.ts';
import { collectingContext } from '../testing/collecting-context.ts';
import type { Newcomer } from '../init/ask-newcomer.ts';
import { initCommand, type InitOptions } from './init-command.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bakeoff-init-'));
  for (const split of ['pets/cat', 'pets/my dog', 'split/train/a', 'split/train/b', 'split/test/a', 'split/test/b']) {
    await mkdir(join(root, split), { recursive: true });
    const gray = split.startsWith('split');
    const image = sharp({ create: { width: 50, height: 90, channels: 3, background: '#456' } });
    const png = await (gray ? image.toColourspace('b-w') : image).png().toBuffer();
    for (let i = 0; i < 10; i++) await writeFile(join(root, split, `${i}.png`), png);
  }
});
afterAll(() => rm(root, { recursive: true }));

async function init(file: string, options: InitOptions, answers?: readonly string[]) {
  const { context, output } = collectingContext();
  const conversation = answers && newcomerWith(answers);
  expect(await initCommand(join(root, file), options, context, conversation?.newcomer)).toBe(0);
  return { text: await readFile(join(root, file), 'utf8'), output: output() };
}

/** Somebody at a terminal who gives these answers, and must not be asked more. */
function newcomerWith(answers: readonly string[]) {
  const left = [...answers];
  const said: string[] = [];
  const asked: string[] = [];
  const newcomer: Newcomer = {
    ask: async (question) => {
      said.push(question);
      asked.push(question);
      const answer = left.shift();
      if (answer === undefined) throw new Error(`no answer to: ${question}`);
      return answer;
    },
    say: (text) => void said.push(...text.split('\n')),
    columns: 60,
  };
  return { newcomer, asked, said };
}

const plan = (file: string): Promise<Plan> =>
  planManifestFile(join(root, file), { cache: root }, { log: () => undefined, signal: new AbortController().signal });

describe('init', () => {
  it('writes the quickstart without a terminal and without options, with what to do next', async () => {
    const { text, output } = await init('first.yaml', {});
    const { name, experiments } = parseManifest(text, { fileName: 'first.yaml', vocabulary });
    expect([name, experiments.map(({ id }) => id)]).toEqual(['first', ['cifarnet', 'resnet20-0', 'resnet20-0.1']]);
    expect(output).toContain('first.yaml --set maxEpochs=1 --seeds 1');
  });

  it('writes a sweep over any source', async () => {
    const { text } = await init('rates.yaml', { images: 'mnist' });
    expect(text).toContain('dataset: { source: mnist }');
    expect((await plan('rates.yaml')).runs).toHaveLength(9);
  });

  it('finds the classes of a folder, its size, and held-out images', async () => {
    const { text } = await init('pets.yaml', { images: join(root, 'pets') });
    expect(text).toContain('# 20 images in 2 classes:\n#   cat: 10\n#   my dog: 10\n# A tenth is held out for testing');
    expect(text).toContain('dataset: { source: image-folder, path: pets, size: 48 }');
    const { datasets, experiments } = await plan('pets.yaml');
    expect(datasets[0]).toMatchObject({ classes: ['cat', 'my dog'], images: { train: 16, validation: 2, test: 2 } });
    expect(experiments.map(({ id, runIds }) => [id, runIds.length])).toEqual([
      ['plain', 3],
      ['augmented', 3],
    ]);
  });

  it('takes train and test folders, and gray images, for what they are', async () => {
    const { text } = await init('split.yaml', { template: 'sweep', images: join(root, 'split') });
    expect(text).toContain(
      'dataset: { source: image-folder, path: split/train, testPath: split/test, size: 48, color: gray }',
    );
    expect((await plan('split.yaml')).datasets[0]).toMatchObject({ imageShape: [48, 48, 1], images: { test: 20 } });
  });

  it('writes the whole study', async () => {
    const { text } = await init('study.yaml', { template: 'study' });
    const { experiments, report } = parseManifest(text, { fileName: 'study.yaml', vocabulary });
    expect(experiments.length).toBeGreaterThan(15);
    expect(report.sections.length).toBeGreaterThan(3);
  });

  it('asks on a terminal what the options do not say', async () => {
    const { text } = await init('asked.yaml', {}, ['swep', 'fashion-mnist']);
    expect(text).toContain('name: asked\ndataset: { source: fashion-mnist }');
    expect((await init('mine.yaml', {}, ['3', join(root, 'pets')])).text).toContain('path: pets');
    expect((await init('usual.yaml', {}, [''])).text).toContain('- id: cifarnet');
  });

  it('says what is wrong with an answer, and asks again; paths may be typed as in a shell', async () => {
    const file = join(root, 'typed');
    const { newcomer, asked, said } = newcomerWith([
      '9',
      'folder',
      '',
      'mnist',
      join(root, 'nothing'),
      `'${join(root, 'pets')}'`,
      join(root, 'pets'),
      join(root, 'no/x.yaml'),
      join(root, 'first.yaml'),
      file,
    ]);
    expect(await initCommand(undefined, {}, collectingContext().context, newcomer)).toBe(0);
    expect(await readFile(`${file}.yaml`, 'utf8')).toMatch(/^name: typed\n[^]*path: pets,/m);
    expect(asked).toEqual([
      ...Array<string>(2).fill('1 to 4 [1]:'),
      ...Array<string>(4).fill('Folder of your pictures, with one folder per class:'),
      ...Array<string>(4).fill('File [pets.yaml]:'),
    ]);
    const faults = said.join('\n');
    for (const fault of [
      'that is none of them\n  received: 9\n  allowed:  1 to 4, or quickstart, sweep, folder, study',
      'needs a folder of pictures\n  received: no answer',
      'there is no such folder\n  received: mnist',
      'that is a folder',
      'cannot be written (ENOENT)',
      'there is such a file already',
    ])
      expect(faults).toContain(fault);
    const list = said.slice(said.indexOf('What do you want to compare?'), said.indexOf('1 to 4 [1]:'));
    expect(list.length).toBeGreaterThan(5);
    for (const line of list) expect(line.length).toBeLessThan(60);
  });

  it('refuses what does not go together, in one message, and replaces nothing by itself', async () => {
    await expect(init('x.yaml', { images: 'cifar' })).rejects.toThrow(/did you mean "cifar10" or "cifar100"/);
    await expect(init('x.yaml', { template: 'folder' })).rejects.toThrow(/needs a folder of pictures/);
    await expect(init('x.yaml', { template: 'study', images: 'mnist' })).rejects.toThrow(/images of its own/);
    await expect(init('no/x.yaml', {})).rejects.toThrow(/cannot be written \(ENOENT\)/);
    await init('twice.yaml', {});
    await expect(init('twice.yaml', { template: 'sweep' })).rejects.toThrow(/already[^]*--force/);
    expect((await init('twice.yaml', { template: 'sweep', force: true })).text).toContain('source: cifar10');
  });
});
