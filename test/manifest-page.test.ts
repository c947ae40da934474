import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  manifestPage,
  manifestSettings,
  type SettingGroup,
  type SettingRow,
  parseManifest,
  readManifest,
} from '@bakeoff/core';
import { expect, it } from 'vitest';
import { vocabulary } from '../packages/cli/src/plans/vocabulary.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/manifest.md'), 'utf8');
const groups = manifestSettings(vocabulary);
const rows = groups.flatMap((group) => group.rows.map((row) => ({ group, row })));

it('the page about manifests is current', () => {
  expect(page === manifestPage(vocabulary), 'write it again: bakeoff schema --format md > docs/manifest.md').toBe(true);
});

it('its first manifest is complete', () => {
  const text = /```yaml\n([\s\S]*?)```/.exec(page)![1]!;
  expect(parseManifest(text, { fileName: 'first.yaml', vocabulary }).experiments).toHaveLength(2);
});

it('says of every setting what it does, which values it takes, and how to write it', () => {
  const silent = rows.filter(({ row }) => row.about === '' || row.allowed === 'a value' || row.example === undefined);
  expect(silent.map(({ row }) => row.path.join('.'))).toEqual([]);
  const empty = rows.filter(({ row }) => row.example === null || JSON.stringify(row.example) === '{}');
  expect(empty.map(({ row }) => row.path.join('.'))).toEqual([]);
});

/** A manifest in which a setting has its example's value, with the kind whose setting it is. */
function withExample({ kind }: SettingGroup, { path, example }: SettingRow): object {
  const [first, ...rest] = path;
  const settings: Record<string, unknown> = {};
  let at: Record<string, unknown> = settings;
  for (const [i, name] of path.slice(0, -1).entries()) {
    const map: Record<string, unknown> =
      kind !== undefined && kind.path.length === i + 1 && kind.path[i] === name ? { [kind.key]: kind.name } : {};
    at[name] = ['transforms', 'sections', 'knots'].includes(name) ? [map] : map;
    at = map;
  }
  at[path.at(-1)!] = example;
  const isMember = rest.length === 0 && ['$schema', 'name', 'title', 'defaults', 'experiments'].includes(first!);
  const inExperiment = ['id', 'sweep', 'search'].includes(first!);
  return {
    name: 'x',
    dataset: { source: 'cifar10' },
    experiments: [{ id: 'cifarnet', model: 'cifarnet', ...(inExperiment && settings) }],
    ...(isMember || first === 'dataset' || first === 'report' ? settings : inExperiment ? {} : { defaults: settings }),
  };
}

it('has examples that the schema accepts', () => {
  const refused = rows.flatMap(({ group, row }) => {
    const name = row.path.join('.');
    const { mistakes } = readManifest(JSON.stringify(withExample(group, row)), { fileName: 'm', vocabulary });
    // What else a kind needs is not this setting's fault.
    const own = mistakes.filter(({ what }) => what.includes(row.path.at(-1)!) && !what.includes('is missing'));
    return own.map(({ what }) => `${name}: ${what}`);
  });
  expect(refused).toEqual([]);
});
