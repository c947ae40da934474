import { type StageName, stageNames, stages, type Subject } from '@bakeoff/core/stages';
import { Option } from 'commander';
import type { CommandDeclaration } from './declaration.ts';
import { defaultCache, engine, events, force, jobs, manifest, prices, sources } from './shared-options.ts';

/** What narrows a stage down to a part of the plan, by what it works on. */
const selection: Readonly<Record<Subject, readonly Option[]>> = {
  plan: [],
  dataset: [new Option('--dataset <id>', 'only this dataset of the plan'), jobs],
  run: [
    new Option('--run <id>', 'only this run of the plan; the first letters of its id do'),
    new Option('--experiment <id>', 'only the runs of this experiment; * stands for any letters, ? for one'),
    jobs,
  ],
};

const planOption = new Option('--plan <id>', 'work on a plan that is in the store, instead of a manifest');

/** The options of stages that have some of their own, before or after those for the sources. */
const ownOptions: Readonly<Partial<Record<StageName, readonly Option[]>>> = {
  'data-prep': [
    new Option(
      '--preview <file>',
      'write a contact sheet (PNG) of training images and their augmented views, and stop there',
    ),
    ...sources,
  ],
  report: [
    ...sources,
    prices,
    new Option('--no-pictures', "leave the test images' pictures out, for a page to publish"),
    new Option('--format <name>', 'print the runs as Markdown or CSV instead of building the page').choices([
      'md',
      'csv',
    ]),
  ],
};

/** A command per stage, as core's table has them. */
export const stageCommands: readonly CommandDeclaration[] = stageNames.map((stage) => {
  const { summary, subject, compute } = stages[stage];
  return {
    name: stage,
    summary,
    arguments: [manifest('[manifest]')],
    store: 'always',
    options: [
      planOption,
      ...selection[subject],
      ...(compute === null ? [] : [engine]),
      ...(ownOptions[stage] ?? sources),
      force,
      events,
    ],
    help: `Examples:
  $ bakeoff ${stage} experiments/quickstart.yaml
  $ bakeoff ${stage} --plan 0f1e2d3c4b5a6978 ${subject === 'plan' ? '' : `--${subject} 8796a5b4c3d2e1f0 `}--store s3://bucket/prefix`,
    load: async () => {
      const { stageCommand } = await import('./stage-command.ts');
      return (path, options: object, context) =>
        stageCommand(stage, path, { engine: 'auto', cache: defaultCache, ...options }, context);
    },
  };
});
