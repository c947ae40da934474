import { type StageName, stageNames, stages, type Subject } from '@bakeoff/core/stages';
import { Option } from 'commander';
import { cacheFolder } from '../process/cache-folder.ts';
import type { CommandContext } from './command-context.ts';
import type { CommandDeclaration } from './declaration.ts';
import { inStore } from './in-store.ts';
import type { StageCommandOptions } from './options.ts';
import { changes, engine, events, force, jobs, manifest, prices, sources, folder, xla } from './shared-options.ts';

/** Options that limit a stage to a part of the plan, by what the stage works on. */
const selection: Readonly<Record<Subject, readonly Option[]>> = {
  plan: [],
  dataset: [new Option('--dataset <id>', 'only this dataset of the plan'), jobs],
  run: [
    new Option('--run <id>', 'only this run of the plan; the first letters of its id are enough'),
    new Option('--experiment <id>', 'only the runs of this experiment; * matches any letters, ? matches one'),
    jobs,
  ],
};

const planOption = new Option('--plan <id>', 'work on a plan from the store instead of a manifest');

/** Options that only one stage has, before or after the options for the sources. */
const ownOptions: Readonly<Partial<Record<StageName, readonly Option[]>>> = {
  'data-prep': [
    new Option(
      '--preview <file>',
      'only print what the dataset holds, and write a contact sheet (PNG) of its training images and their augmented views',
    ),
    ...sources,
    folder,
  ],
  report: [
    ...sources,
    prices,
    new Option('--no-pictures', 'leave out the pictures of test images, to publish the page'),
    new Option('--format <name>', 'print the runs as Markdown or CSV instead of building the page').choices([
      'md',
      'csv',
    ]),
  ],
};

/** Stages that take several manifests at once. */
const takesSeveral: ReadonlySet<StageName> = new Set(['report']);

/** One command per stage of core's table. */
export const stageCommands: readonly CommandDeclaration[] = stageNames.map((stage) => {
  const { summary, subject, compute } = stages[stage];
  return {
    name: stage,
    group: 'stages' as const,
    summary,
    examples: [
      `bakeoff ${stage} experiments/quickstart.yaml`,
      ...(takesSeveral.has(stage) ? [`bakeoff ${stage} experiments/quickstart.yaml dropout.yaml`] : []),
      `bakeoff ${stage} --plan 0f1e2d3c4b5a6978 ${subject === 'plan' ? '' : `--${subject} 8796a5b4c3d2e1f0 `}-o out`,
    ],
    arguments: [manifest(takesSeveral.has(stage) ? '[manifests...]' : '[manifest]')],
    store: 'always',
    options: [
      planOption,
      ...changes,
      ...selection[subject],
      ...(compute === null ? [] : [engine, xla]),
      ...(ownOptions[stage] ?? sources),
      force,
      events,
    ],
    would: (named: string | readonly string[] | undefined, options: StageCommandOptions) =>
      `${summary}, for ${[named ?? `plan ${options.plan}`].flat().join(' and ')} ${inStore(options)}`,
    load: async () => {
      const { stageCommand } = await import('./stage-command.ts');
      return async (named: string | readonly string[] | undefined, given: object, context: CommandContext) => {
        const options = { engine: 'auto' as const, cache: cacheFolder(), ...given };
        const manifests = [named ?? []].flat();
        if (manifests.length < 2) return stageCommand(stage, manifests[0], options, context);
        return (await import('./merged-report-command.ts')).mergedReportCommand(manifests, options, context);
      };
    },
  };
});
