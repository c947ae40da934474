import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noManifest } from './no-manifest.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bakeoff-no-manifest-'));
  await mkdir(join(folder, 'studies'));
  const files = {
    'package.json': '{ "name": "x" }',
    'quick.yaml': 'name: q\nexperiments: []\n',
    'studies/depth.json': '{\n  "experiments": []\n}',
    'studies/breadth.yml': 'experiments:\n  - id: a\n',
    'studies/ci.yml': 'jobs: {}\n',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true }));

const messageFor = async (name: string, code: string): Promise<string> => {
  const path = join(folder, name);
  const { message } = await noManifest(path, Object.assign(new Error(code), { code }));
  return message.replaceAll(folder, '.');
};

it('a missing manifest suggests the manifests of its folder only, the one with a similar name first', async () => {
  expect(await messageFor('quik.yaml', 'ENOENT')).toBe(
    'there is no such manifest\n  received: ./quik.yaml\n  allowed:  ./quick.yaml\n  change:   did you mean ./quick.yaml?',
  );
});

it('a folder suggests its own manifests', async () => {
  expect(await messageFor('studies', 'EISDIR')).toBe(
    'a folder is not a manifest\n  received: ./studies\n  allowed:  ./studies/breadth.yml, ./studies/depth.json\n  change:   give the path of one of these manifests',
  );
});
