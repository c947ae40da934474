import type { ModelConfig, ModelCost, Plan, PlannedRun } from '@bakeoff/core';
import { type ImageShape, nearestNames, UserError } from '@bakeoff/core';
import { usualInput } from '@bakeoff/data-prep/sources';
import {
  aboutModels,
  architectures,
  describeModel,
  type LayerDescription,
  modelNotation,
  modelSchemas,
  type NetworkInput,
} from '@bakeoff/model/architectures';
import { parse, YAMLParseError } from 'yaml';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { listedModels, modelList, notation } from './list-models.ts';
import { planManifestFile, refuseChanges, type SourceOptions } from '../plans/load-plan.ts';
import { formatBytes, formatCount, formatMagnitude } from '../progress/format.ts';
import { formatTable, left, right, type Column } from '../progress/table.ts';

/** A forward and a backward pass cost about three forward passes. */
const TRAINING_FACTOR = 3;

const COST_COLUMNS: readonly Column[] = [
  right('parameters'),
  right('MACs'),
  right('FLOPs'),
  right('ptflops'),
  right('fvcore'),
  right('thop'),
  right('activations'),
];
const CONVENTIONS = `MACs: multiply-accumulates of convolutions and dense layers; FLOPs = 2 × MACs. ptflops, fvcore and thop: as those packages count
(the first includes biases, normalization and pooling; the other two call MACs "flops"). Activations: float32 values kept for the backward pass.`;

function conventions(shapes: readonly ImageShape[]): string {
  const sizes = new Set(shapes.map(([height, width]) => `${height}×${width}`));
  return `One ${[...sizes].join(' or ')} image, forward. ${CONVENTIONS}`;
}

export interface CostOptions extends SourceOptions {
  readonly json?: boolean;
}

/**
 * `bakeoff cost [MODEL|MANIFEST] [EXPERIMENT]`: what all models, one, each run of a manifest, or the network of one
 * experiment costs; nothing is trained.
 */
export async function costCommand(
  subject: string | undefined,
  experiment: string | undefined,
  options: CostOptions,
  context: CommandContext,
): Promise<number> {
  for (const line of await costLines(subject, experiment, options, context)) context.output.write(`${line}\n`);
  return ExitCode.done;
}

async function costLines(
  subject: string | undefined,
  experiment: string | undefined,
  options: CostOptions,
  context: CommandContext,
): Promise<string[]> {
  const isManifest = subject !== undefined && /\.(ya?ml|json)$/.test(subject);
  if (!isManifest)
    refuseChanges(options, {
      received: subject ?? 'no manifest',
      because: "a model's settings are given with it",
      fix: "give a manifest, or settings in YAML: bakeoff cost '{ type: cifarnet, dropout: 0.2 }'",
    });
  if (subject === undefined) {
    const listed = listedModels();
    if (options.json === true) return [JSON.stringify({ models: listed }, undefined, 2)];
    return modelList(listed, context.style);
  }
  if (isManifest) {
    const plan = await planManifestFile(subject, options, context);
    if (experiment === undefined) return manifestCost(plan, options, context);
    const run = findRun(plan, experiment);
    return modelCost(run.recipe.model, inputOf(plan, run), options, context);
  }
  if (experiment !== undefined)
    throw new UserError({
      what: 'an experiment is named, but no manifest',
      received: `${subject} ${experiment}`,
      allowed: 'a model alone, or a manifest (.yaml, .yml, .json) and one of its experiments',
      fix: `leave out ${experiment}`,
    });
  const { model, about } = readModel(subject);
  return modelCost(model, usualInput, options, context, about);
}

function findRun(plan: Plan, experiment: string): PlannedRun {
  const run = plan.runs.find(({ experiments }) => experiments.includes(experiment));
  if (run !== undefined) return run;
  const ids = [...new Set(plan.runs.flatMap(({ experiments }) => experiments))];
  const near = nearestNames(experiment, ids);
  throw new UserError({
    what: `${plan.name} has no such experiment`,
    received: experiment,
    allowed: ids.join(', '),
    fix: near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'name one of the allowed experiments',
  });
}

/** The images that a run's network is built for. */
function inputOf(plan: Plan, { datasetId }: PlannedRun): NetworkInput {
  const dataset = plan.datasets.find((each) => each.datasetId === datasetId)!;
  return { imageShape: dataset.imageShape, classes: dataset.classes.length };
}

function costCells(cost: ModelCost): string[] {
  return [
    ...[cost.parameters, cost.macs, cost.flops, cost.ptflops, cost.fvcore, cost.thop].map(formatCount),
    formatBytes(cost.activationBytes),
  ];
}

function modelCost(
  model: ModelConfig,
  input: NetworkInput,
  { json }: CostOptions,
  { style }: CommandContext,
  about?: string,
): string[] {
  const { cost, layers } = describeModel(model, input);
  if (json === true) return [JSON.stringify({ model, cost, layers }, undefined, 2)];
  const rows = layers.map((layer: LayerDescription) => [
    layer.name,
    layer.type,
    layer.outputShape.join('×'),
    ...costCells(layer),
  ]);
  const columns = [left('layer'), left('type'), left('output'), ...COST_COLUMNS];
  return [
    ...formatTable(columns, [...rows, ['total', '', '', ...costCells(cost)]], style.dim),
    '',
    ...(about === undefined ? [] : [about]),
    style.dim(conventions([input.imageShape])),
  ];
}

function manifestCost(plan: Plan, { json }: CostOptions, { style }: CommandContext): string[] {
  const rows = plan.runs.map((run) => {
    const dataset = plan.datasets.find(({ datasetId }) => datasetId === run.datasetId)!;
    const { cost } = describeModel(run.recipe.model, inputOf(plan, run));
    const images = dataset.images.train * run.recipe.maxEpochs;
    return {
      runId: run.runId,
      experiments: run.experiments,
      seed: run.seed,
      ...cost,
      trainingFlops: TRAINING_FACTOR * cost.flops * images,
    };
  });
  if (json === true) return [JSON.stringify({ manifest: plan.name, runs: rows }, undefined, 2)];
  const columns = [left('experiments'), right('seeds'), ...COST_COLUMNS, right('training FLOPs')];
  const cells = [...onePerCost(rows).values()].map(([row, ...others]) => [
    row.experiments.join(', '),
    [row, ...others].map(({ seed }) => seed).join(', '),
    ...costCells(row),
    formatMagnitude(row.trainingFlops),
  ]);
  return [
    ...formatTable(columns, cells, style.dim),
    '',
    style.dim(
      `${conventions(plan.datasets.map(({ imageShape }) => imageShape))}\n` +
        'Training FLOPs: 3 × forward × training images × epochs, at most (early stopping ends sooner).',
    ),
  ];
}

/** Seeds do not change what a run costs: the runs of one recipe are one row. */
function onePerCost<Row extends { readonly experiments: readonly string[] }>(
  rows: readonly Row[],
): Map<string, [Row, ...Row[]]> {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const key = row.experiments.join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/**
 * A type with its defaults (`cifarnet`), or settings in YAML (`{ type: resnet, blocks: [3, 3, 3], channels: [16, 32,
 * 64] }`).
 */
function readModel(text: string): { readonly model: ModelConfig; readonly about: string | undefined } {
  const given = parseYaml(text);
  const settings = modelNotation.expand(given);
  const types = Object.keys(modelSchemas);
  const type = typeof settings === 'object' && settings !== null ? (settings as { type?: unknown }).type : undefined;
  const schema = typeof type === 'string' && Object.hasOwn(modelSchemas, type) ? modelSchemas[type] : undefined;
  if (schema === undefined) {
    const near = typeof type === 'string' ? nearestNames(type, types) : [];
    throw new UserError({
      what: 'there is no such model',
      received: text,
      allowed: `${types.join(', ')}, settings in YAML, or the path of a manifest`,
      fix:
        near.length > 0
          ? `did you mean ${near.join(' or ')}?`
          : "for example bakeoff cost '{ type: resnet, blocks: [3, 3, 3], channels: [16, 32, 64] }'",
    });
  }
  const { success, data, error } = schema.safeParse(settings);
  if (success) return { model: data as ModelConfig, about: aboutModels(nameIn(given)) };
  const [issue] = error.issues;
  throw new UserError({
    what: `the settings of model ${String(type)} are invalid`,
    received: text,
    allowed: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    fix: `see the settings with: bakeoff schema${exampleOf(String(type))}`,
  });
}

/** A call that works, for a model that needs settings. */
function exampleOf(type: string): string {
  const [settings] = architectures[type]?.examples ?? [];
  return settings === undefined ? '' : `; for example: bakeoff cost '${notation({ type, ...settings })}'`;
}

/** The name that was given, which a preset's layers no longer tell. */
function nameIn(given: unknown): string {
  return typeof given === 'string' ? given : (given as ModelConfig).type;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { merge: true });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new UserError({ what: 'the model is not valid YAML', received: text, fix: error.message.split('\n')[0] });
  }
}
