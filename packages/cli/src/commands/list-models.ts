import type { ModelConfig, ModelCost } from '@bakeoff/core';
import { usualInput } from '@bakeoff/data-prep/sources';
import { aboutModels, architectures, describeModel } from '@bakeoff/model/architectures';
import { stringify } from 'yaml';
import { formatCount } from '../progress/format.ts';
import type { Style } from '../progress/style.ts';
import { formatTable, left, right } from '../progress/table.ts';

export interface ListedModel {
  readonly model: ModelConfig;
  readonly about: string;
  readonly cost: ModelCost;
}

/** Every model that a manifest can name, with what it costs on an image of 32×32 in ten classes. */
export function listedModels(): ListedModel[] {
  return Object.entries(architectures).flatMap(([type, { examples }]) =>
    examples.map((settings) => {
      const model = { type, ...settings };
      return { model, about: aboutModels(type) ?? '', cost: describeModel(model, usualInput).cost };
    }),
  );
}

/** As `bakeoff cost` and a manifest take it: its name, or settings in YAML on one line. */
export function notation({ type, ...settings }: ModelConfig): string {
  if (Object.keys(settings).length === 0) return type;
  const flow = stringify({ type, ...settings }, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return flow.replaceAll('[ ', '[').replaceAll(' ]', ']');
}

/** A table of the models, and below it what each is. */
export function modelList(listed: readonly ListedModel[], style: Style): string[] {
  const rows = listed.map(({ model, cost }) => [notation(model), formatCount(cost.parameters), formatCount(cost.macs)]);
  const kinds = new Map<string, Set<string>>();
  for (const { model, about } of listed) kinds.set(about, (kinds.get(about) ?? new Set()).add(model.type));
  const [height, width] = usualInput.imageShape;
  return [
    ...formatTable([left('model'), right('parameters'), right('MACs')], rows, style.dim),
    '',
    ...[...kinds].map(([about, types]) => `${[...types].join(', ')}: ${about}`),
    '',
    style.dim(
      `On one ${height}×${width} image in ${usualInput.classes} classes, forward. Layer by layer: bakeoff cost MODEL, ` +
        'or bakeoff cost MANIFEST EXPERIMENT\nfor a network written in a manifest (model: { type: layers, layers: [...] }).',
    ),
  ];
}
