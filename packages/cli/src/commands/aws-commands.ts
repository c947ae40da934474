import { trainingComputes } from '@bakeoff/core/stages';
import { Argument, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_STACK } from '../aws/default-stack.ts';
import type { wouldSchedule, wouldSubmit } from '../aws/would-do.ts';
import type { AwsOptions } from './aws-options.ts';
import type { AwsCommandDeclaration } from './declaration.ts';
import type { DestroyOptions } from './destroy-command.ts';
import { changes, json, manifest, positiveInteger, prices, sources } from './shared-options.ts';

const STACK = '--stack <name>';
export const stack = new Option(STACK, 'the deployment’s CloudFormation stack')
  .default(DEFAULT_STACK)
  .env('BAKEOFF_STACK');
/** For a command that works with stores too. */
export const stackIfAny = new Option(STACK, 'look at the deployment of this CloudFormation stack').env('BAKEOFF_STACK');
/** For a command that works without a deployment too. */
export const stackCheck = new Option(
  '--stack [name]',
  'check instead what deploying this CloudFormation stack to AWS needs, and whether its jobs can start',
).preset(process.env['BAKEOFF_STACK'] || DEFAULT_STACK);
const execution = new Argument('[execution]', 'id of the execution (default: the newest)');
const compute = new Option(
  '--compute <kind>',
  'what trainings run on: GPU instances, or Fargate (default: as deployed)',
).choices(trainingComputes);

const executionOf = (id: string | undefined, { stack: name }: AwsOptions): string =>
  id === undefined ? `the newest execution of stack ${name}` : `execution ${id} of stack ${name}`;

/** The commands that work with a deployment on AWS. */
export const awsCommands: readonly AwsCommandDeclaration[] = [
  {
    name: 'deploy',
    group: 'aws',
    summary: 'create or update a deployment, with this commit’s images',
    options: [
      stack,
      new Option('--set <name=value>', 'a setting of the deployment, before those in cdk.json; repeatable')
        .argParser(setting)
        .default([], 'none'),
      new Option('-y, --yes', 'do not ask before granting permissions'),
    ],
    examples: ['bakeoff doctor --stack', 'bakeoff deploy', 'bakeoff deploy --set compute=cpu'],
    notes: `Give it in the root of a clone without uncommitted changes, with Docker and the
AWS CLI.`,
    would: ({ stack: name }: AwsOptions) =>
      `create the stack ${name}, or update it, build the images of this commit, and push them to its repositories`,
    load: async () => (await import('./deploy-command.ts')).deployCommand,
  },
  {
    name: 'destroy',
    group: 'aws',
    summary: 'delete a deployment; results are kept unless you say so',
    examples: ['bakeoff destroy', 'bakeoff destroy --with-results'],
    options: [
      stack,
      new Option('--with-results', 'also delete the buckets with all results and their access logs'),
      new Option('--confirm <name>', 'the name of the stack, in place of typing it'),
    ],
    would: ({ stack: name, withResults = false }: DestroyOptions) =>
      `delete the stack ${name} after asking for its name, and ${withResults ? 'its buckets with all results' : 'keep its buckets with the results'}`,
    load: async () => (await import('./destroy-command.ts')).destroyCommand,
  },
  {
    name: 'submit',
    group: 'aws',
    summary: 'run a manifest, after showing the estimated cost',
    arguments: [manifest('<manifest>')],
    options: [
      stack,
      ...changes,
      ...sources,
      prices,
      compute,
      new Option('--ask-above <dollars>', 'ask for confirmation if the estimate is higher')
        .default(10)
        .argParser(dollars),
      new Option('--max-dollars <dollars>', 'refuse if it could cost more, on demand and with all epochs').argParser(
        dollars,
      ),
      new Option('-y, --yes', 'do not ask'),
      new Option('--wait', 'wait for the end, for CI; see the exit codes'),
      json,
    ],
    examples: [
      'bakeoff submit study.yaml',
      'bakeoff submit study.yaml --seeds 3',
      'bakeoff submit study.yaml --max-dollars 20 --wait',
    ],
    notes: `With --archive, the archive is uploaded next to the plan. Otherwise data-prep
downloads it once.

With --wait, the exit code is 0 if every run has a result, 75 if the execution
was cancelled, and 1 otherwise.`,
    would: async (...call: Parameters<typeof wouldSubmit>) => (await import('../aws/would-do.ts')).wouldSubmit(...call),
    load: async () => (await import('./submit-command.ts')).submitCommand,
  },
  {
    name: 'cancel',
    group: 'aws',
    summary: 'stop an execution and its jobs; checkpoints are kept',
    examples: ['bakeoff cancel'],
    arguments: [execution],
    options: [stack],
    would: (...of: Parameters<typeof executionOf>) => `stop ${executionOf(...of)} and its jobs, and keep checkpoints`,
    load: async () => (await import('./cancel-command.ts')).cancelCommand,
  },
  {
    name: 'retry',
    group: 'aws',
    summary: 'run what an execution left unfinished, as a new execution',
    examples: ['bakeoff retry'],
    arguments: [execution],
    options: [stack],
    would: (...of: Parameters<typeof executionOf>) => `start a new execution of what ${executionOf(...of)} has left`,
    load: async () => (await import('./retry-command.ts')).retryCommand,
  },
  {
    name: 'fetch',
    group: 'aws',
    summary: 'copy an execution’s report and results to a folder',
    examples: ['bakeoff fetch', 'bakeoff fetch --to results'],
    arguments: [execution],
    options: [stack, new Option('--to <dir>', 'folder to copy to').default('./out')],
    would: (id: string | undefined, options: AwsOptions & { readonly to: string }) =>
      `copy the report and the results of ${executionOf(id, options)} to ${options.to}`,
    load: async () => (await import('./fetch-command.ts')).fetchCommand,
  },
  {
    name: 'schedule',
    group: 'aws',
    summary: 'run a manifest at set times, with one more seed each time',
    arguments: [manifest('[manifest]')],
    options: [
      stack,
      ...sources,
      new Option('--rate <value>', 'time between occurrences, e.g. "7 days"').conflicts('cron'),
      new Option('--cron <fields>', 'six fields as in EventBridge, e.g. "0 9 ? * MON *"'),
      new Option('--timezone <name>', 'time zone for --cron').default('UTC'),
      new Option('--until <time>', 'the last time it may run, e.g. 2027-01-31 or 2027-01-31T12:00:00Z').argParser(
        futureTime,
      ),
      new Option('--times <n>', 'how many times it may run').argParser(positiveInteger).conflicts('until'),
      prices,
      compute,
    ],
    examples: [
      'bakeoff schedule study.yaml --rate "7 days"',
      'bakeoff schedule study.yaml --cron "0 9 ? * MON *" --times 4',
      'bakeoff schedule list',
      'bakeoff schedule delete study-0f1e2d3c',
    ],
    would: async (...call: Parameters<typeof wouldSchedule>) =>
      (await import('../aws/would-do.ts')).wouldSchedule(...call),
    load: async () => (await import('./schedule-command.ts')).scheduleCommand,
    subcommands: [
      {
        name: 'list',
        summary: 'list the schedules with their last and next time, and their newest report',
        options: [stack],
        would: ({ stack: name }: AwsOptions) =>
          `list the schedules of stack ${name} with their last and next time, and their newest report`,
        load: async () => (await import('./schedule-command.ts')).scheduleListCommand,
      },
      {
        name: 'delete',
        summary: 'delete a schedule; its results are kept',
        arguments: [new Argument('<schedule>', 'name of the schedule')],
        options: [stack],
        would: (schedule: string, { stack: name }: AwsOptions) =>
          `delete the schedule ${schedule} of stack ${name}, and keep its results`,
        load: async () => (await import('./schedule-command.ts')).scheduleDeleteCommand,
      },
    ],
  },
];

function setting(text: string, before: readonly string[]): readonly string[] {
  if (!/^[A-Za-z]+=./.test(text)) throw new InvalidArgumentError('Allowed: name=value, as in compute=cpu.');
  return [...before, text];
}

function futureTime(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\d(T.+)?$/.test(text) || Number.isNaN(time.getTime()) || time.getTime() <= Date.now())
    throw new InvalidArgumentError('Allowed: a day or time in the future, as in 2027-01-31 or 2027-01-31T12:00:00Z.');
  return time;
}

function dollars(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('Allowed: a number of dollars, 0 or more.');
  return value;
}
