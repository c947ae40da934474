import { jobNames, jobs } from '@bakeoff/core/stages';
import { Argument, InvalidArgumentError, Option } from 'commander';
import type { CommandDeclaration } from './declaration.ts';
import { json, manifest, prices, sources } from './shared-options.ts';

const stack = new Option('--stack <name>', 'the deployment’s CloudFormation stack')
  .default('Bakeoff')
  .env('BAKEOFF_STACK');
const execution = new Argument('[execution]', 'its id; the newest where none is named');
const wholeStages = jobNames.filter((job) => jobs[job].subject !== 'run').join(', ');

/** The commands that work with a deployment on AWS. */
export const awsCommands: readonly CommandDeclaration[] = [
  {
    name: 'submit',
    summary: 'on AWS: run a manifest, after saying what it will cost',
    arguments: [manifest('<manifest>')],
    options: [
      stack,
      ...sources,
      prices,
      new Option('--ask-above <dollars>', 'ask first where the estimate is higher').default(10).argParser(dollars),
      new Option('-y, --yes', 'do not ask'),
      json,
    ],
    help: `With --archive the archive is put beside the plan; else data-prep downloads it once.

Example:
  $ bakeoff submit experiments/stepik-cifar10.yaml`,
    load: async () => (await import('./submit-command.ts')).submitCommand,
  },
  {
    name: 'status',
    summary: 'on AWS: the runs of an execution, their progress, and why jobs wait',
    arguments: [execution],
    options: [stack, json],
    load: async () => (await import('./status-command.ts')).statusCommand,
  },
  {
    name: 'logs',
    summary: 'on AWS: what the jobs of a run wrote',
    arguments: [new Argument('<run>', `a run’s id or its first letters; or ${wholeStages}`)],
    options: [stack, new Option('-f, --follow', 'go on until the job ends')],
    load: async () => (await import('./logs-command.ts')).logsCommand,
  },
  {
    name: 'cancel',
    summary: 'on AWS: stop an execution and its jobs; checkpoints are kept',
    arguments: [execution],
    options: [stack],
    load: async () => (await import('./cancel-command.ts')).cancelCommand,
  },
  {
    name: 'retry',
    summary: 'on AWS: run what an execution left unfinished',
    arguments: [execution],
    options: [stack],
    load: async () => (await import('./retry-command.ts')).retryCommand,
  },
  {
    name: 'fetch',
    summary: 'on AWS: copy an execution’s report and results to a folder',
    arguments: [execution],
    options: [stack, new Option('--to <dir>', 'the folder').default('./out')],
    load: async () => (await import('./fetch-command.ts')).fetchCommand,
  },
  {
    name: 'schedule',
    summary: 'on AWS: run a manifest again and again, one more seed each time',
    arguments: [manifest('[manifest]')],
    options: [
      stack,
      ...sources,
      new Option('--rate <value>', 'every so often, e.g. "7 days"').conflicts('cron'),
      new Option('--cron <fields>', 'six fields of EventBridge, e.g. "0 9 ? * MON *"'),
      new Option('--timezone <name>', 'for --cron').default('UTC'),
    ],
    help: `Examples:
  $ bakeoff schedule experiments/stepik-cifar10.yaml --rate "7 days"
  $ bakeoff schedule list
  $ bakeoff schedule delete stepik-cifar10-0f1e2d3c`,
    load: async () => (await import('./schedule-command.ts')).scheduleCommand,
    subcommands: [
      {
        name: 'list',
        summary: 'what is scheduled',
        options: [stack],
        load: async () => (await import('./schedule-command.ts')).scheduleListCommand,
      },
      {
        name: 'delete',
        summary: 'end a schedule; its results stay',
        arguments: [new Argument('<schedule>', 'its name')],
        options: [stack],
        load: async () => (await import('./schedule-command.ts')).scheduleDeleteCommand,
      },
    ],
  },
];

function dollars(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('Allowed: dollars, from 0.');
  return value;
}
