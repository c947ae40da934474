import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestJsonSchema, parseManifest } from '@bakeoff/core';
import { describeModel } from '@bakeoff/model/architectures';
import { describe, expect, it } from 'vitest';
import { vocabulary } from '../packages/cli/src/plans/vocabulary.ts';

const page = readFileSync(join(import.meta.dirname, '../docs/networks.md'), 'utf8');

/** The cells of the table below a heading, without its two header lines. */
function rowsBelow(heading: string): string[][] {
  const table = /^\|[\s\S]*?(?=\n\n)/m.exec(page.slice(page.indexOf(`## ${heading}`)))![0];
  return table
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

interface LayerNode {
  readonly properties?: Readonly<
    Record<string, { readonly const?: string; readonly default?: string | number | boolean }>
  >;
}

describe('the page about networks', () => {
  it('has a manifest that is right', () => {
    const text = /```yaml\n([\s\S]*?)```/.exec(page)![1]!;
    const { experiments } = parseManifest(text, { fileName: 'networks.md', vocabulary });
    const input = { imageShape: [32, 32, 3], classes: 10 } as const;
    expect(experiments.map(({ id, recipe }) => [id, describeModel(recipe.model, input).parameters])).toMatchObject([
      ['own-64', 864 + 64 + 3 * (288 + 64 + 1024 + 64) + (18_432 + 128) + (2048 + 128) + 650],
      ['own-128', 864 + 64 + 3 * (288 + 64 + 1024 + 64) + (36_864 + 256) + (4096 + 256) + 1290],
      ['published-resnet20', 269_722],
      ['published-mobilenet-v2', 2_236_682],
    ]);
  });

  it('lists every layer with its settings and defaults', () => {
    const layer = manifestJsonSchema(vocabulary).$defs?.['layer'] as { readonly anyOf: readonly LayerNode[] };
    const settings = layer.anyOf.flatMap(({ properties }) => {
      if (properties === undefined) return [];
      const { type, name: _name, ...own } = properties;
      const cell = Object.entries(own).map(
        ([name, { default: value }]) => `\`${name}\`${value === undefined ? '' : ` ${String(value)}`}`,
      );
      return [[`\`${type!.const}\``, cell.join(', ')] as const];
    });
    const listed = rowsBelow('Layers').map(([type, cell]) => [type, cell] as const);
    expect(listed).toHaveLength(settings.length);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(settings));
  });

  it('lists every preset with its parameters and MACs', () => {
    const listed = rowsBelow('Presets').map(([name, parameters, macs]) => {
      const model = vocabulary.notation.expand(name!.replaceAll('`', '')) as { readonly type: string };
      const figures = describeModel(model, { imageShape: [32, 32, 3], classes: 10 });
      return [
        name,
        model.type,
        [parameters, macs],
        [figures.parameters, figures.macs].map((n) => n.toLocaleString('en')),
      ];
    });
    for (const [name, type, written, counted] of listed)
      expect([name, type, written]).toEqual([name, 'layers', counted]);
    const described = Object.keys(vocabulary.models).filter(
      (type) => page.includes(`\`${type}\``) || page.includes(type),
    );
    expect(described).toEqual(Object.keys(vocabulary.models));
  });
});
