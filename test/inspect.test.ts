import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bakeoff, repository, temporaryFolder } from './support/bakeoff.ts';

const AUGMENTED = `name: augmented
dataset: { source: synthetic, images: 200, testImages: 20, validation: 40 }
defaults: { optimizer: { type: adam, learningRate: 1e-3 }, maxEpochs: 1 }
experiments:
  - id: flipped
    model: { type: cifarnet }
    augmentation: { transforms: [{ type: rotation, degrees: 45 }] }
`;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

describe('bakeoff cost', () => {
  it("prints a network's cost by layer and in total, by every convention", async () => {
    const { code, stdout } = await bakeoff(['cost', '{ type: resnet, blocks: [3, 3, 3], channels: [16, 32, 64] }']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^total +270,410 +40,551,040 +81,102,080 +41,120,394 /m);
  });

  it('prices each run of a manifest without training', async () => {
    const { stdout } = await bakeoff(['cost', join(repository, 'experiments/quickstart.yaml'), '--json']);
    const { runs } = JSON.parse(stdout) as {
      runs: { experiments: string[]; parameters: number; flops: number; trainingFlops: number }[];
    };
    const cifarnet = runs.find(({ experiments }) => experiments.includes('cifarnet'));
    expect(cifarnet).toMatchObject({ parameters: 1_281_930, flops: 2 * 5_163_520 });
    expect((cifarnet?.trainingFlops ?? 0) % (3 * 2 * 5_163_520)).toBe(0);
  });

  it('suggests the nearest name for an unknown model', async () => {
    const { code, stderr } = await bakeoff(['cost', 'cifarnets']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no such model[\s\S]*did you mean cifarnet\?/);
  });
});

describe('bakeoff data-prep --preview', () => {
  it('draws a contact sheet and prepares no views', async () => {
    const manifest = join(folder.path, 'augmented.yaml');
    await writeFile(manifest, AUGMENTED);
    const { code, stdout } = await bakeoff(['data-prep', manifest, '--preview', 'sheet.png', '--out', 'out'], {
      cwd: folder.path,
    });
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('preview: sheet.png (flipped') as string,
    });
    const picture = await readFile(join(folder.path, 'sheet.png'));
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
  });

  it('without augmentation, shows each class by name, and prints counts, statistics and findings', async () => {
    const manifest = join(folder.path, 'plain.yaml');
    await writeFile(manifest, AUGMENTED.replace(/\n +augmentation: .*/, ''));
    const { code, stdout } = await bakeoff(['data-prep', manifest, '--preview', 'plain.png', '--out', 'out'], {
      cwd: folder.path,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# +class +train +validation +test\n *0 +disc +16 +4 +2\n/);
    expect(stdout).toMatch(/\n +all +160 +40 +20\n/);
    expect(stdout).toMatch(
      /\nimages: 32×32, 3 channels; means 0\.\d{4}, 0\.\d{4}, 0\.\d{4}; standard deviations 0\.\d{4}, 0\.\d{4}, 0\.\d{4}\nfindings: none\n/,
    );
    expect(stdout).toMatch(
      /\ndataset: out\/datasets\/\w+\/index\.json\npreview: plain\.png \(synthetic: .* pixels\)\n$/,
    );
    expect((await readFile(join(folder.path, 'plain.png'))).subarray(1, 4).toString()).toBe('PNG');
  });
});

describe('bakeoff open', () => {
  it('says if there is no report', async () => {
    const { code, stderr } = await bakeoff(['open', '--out', 'nowhere'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toContain('there is no report to open');
  });
});
