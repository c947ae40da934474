import { wholeJobNames } from '@bakeoff/core/stages';
import { Argument, Option } from 'commander';
import { stack, stackIfAny } from './aws-commands.ts';
import { DEFAULT_STACK } from '../aws/default-stack.ts';
import type { DeployedOptions } from '../aws/find-place.ts';
import type { StoreOptions } from '../plans/store-url.ts';
import type { CommandDeclaration } from './declaration.ts';
import { inStore } from './in-store.ts';
import type { RmOptions } from './rm-command.ts';
import { json } from './shared-options.ts';

const WHERE = 'Without --out or --store, it takes the store that a command has written to last from this folder.';

const PLACES = `${WHERE} With --stack, with an execution's id, where the store is a deployment's, or where there is no store, it asks AWS, which knows more.`;
/** Where a command looks that works with stores and deployments. */
const inPlace = ({ stack: name = DEFAULT_STACK, ...store }: DeployedOptions): string =>
  `${inStore(store)}${store.store === undefined && store.out === undefined ? `, or in stack ${name}` : ''}`;
const removed = (names: readonly string[], { unused = false }: RmOptions): string =>
  names.length > 0
    ? `what only ${names.join(', ')} ${names.length === 1 ? 'uses' : 'use'}`
    : unused
      ? "what no manifest's newest plan uses"
      : 'what finished and abandoned work has left';

/** The commands that look after what stores hold. */
export const storeCommands: readonly CommandDeclaration[] = [
  {
    name: 'ls',
    group: 'results',
    summary: 'list the manifests and runs of a store, with their sizes and dates',
    examples: [
      'bakeoff ls',
      'bakeoff ls quickstart --out out/quickstart',
      "bakeoff ls --store s3://bucket/prefix --json | jq '.runs[].runId'",
    ],
    arguments: [new Argument('[manifest]', "a manifest's name: only its runs")],
    store: 'never',
    options: [json],
    notes: WHERE,
    would: (name: string | undefined, options: StoreOptions) =>
      `list ${name === undefined ? 'the manifests and runs' : `the runs of ${name}`} ${inStore(options)}, with sizes and dates`,
    load: async () => (await import('./ls-command.ts')).lsCommand,
  },
  {
    name: 'show',
    group: 'results',
    summary: 'show what a run or an experiment is and did, or how two of them differ',
    examples: ['bakeoff show resnet20', 'bakeoff show 8796a5b4', 'bakeoff show resnet20 cifarnet'],
    arguments: [
      new Argument('<a>', "an experiment, MANIFEST/EXPERIMENT, or the first letters of a run's id"),
      new Argument('[b]', 'another one: how settings and results differ, with the verdict'),
    ],
    store: 'never',
    options: [json],
    notes: WHERE,
    would: (a: string, b: string | undefined, options: StoreOptions) =>
      b === undefined
        ? `show settings, results and attempts of ${a} ${inStore(options)}`
        : `show how settings and results of ${a} and ${b} differ ${inStore(options)}`,
    load: async () => (await import('./show-command.ts')).showCommand,
  },
  {
    name: 'status',
    group: 'results',
    summary: 'show the runs of a manifest or an execution, and how far they are',
    examples: ['bakeoff status', 'bakeoff status quickstart --out out/quickstart', 'bakeoff status --stack Bakeoff'],
    arguments: [new Argument('[name]', "a manifest's name, or an execution's id (default: the newest)")],
    store: 'never',
    options: [stackIfAny, json],
    notes: PLACES,
    would: (name: string | undefined, options: DeployedOptions) =>
      `show how far the runs of ${name ?? 'the newest manifest or execution'} are ${inPlace(options)}`,
    load: async () => (await import('./status-command.ts')).statusCommand,
  },
  {
    name: 'logs',
    group: 'results',
    summary: 'show what the attempts of a run have recorded, on AWS its jobs’ logs',
    examples: ['bakeoff logs 8796a5b4', 'bakeoff logs resnet20 --follow', 'bakeoff logs data-prep --stack Bakeoff'],
    arguments: [new Argument('<run>', `first letters of a run's id, an experiment, or ${wholeJobNames.join(', ')}`)],
    store: 'never',
    options: [stackIfAny, new Option('-f, --follow', 'keep printing new lines until the run ends')],
    notes: PLACES,
    would: (run: string, options: DeployedOptions) => `show what the attempts at ${run} have said ${inPlace(options)}`,
    load: async () => (await import('./logs-command.ts')).logsCommand,
  },
  {
    name: 'rm',
    group: 'results',
    summary: 'remove results that nothing else uses, after showing which',
    examples: ['bakeoff rm quickstart', 'bakeoff rm 8796a5b4 --yes', 'bakeoff rm --unused --store s3://bucket/prefix'],
    arguments: [new Argument('[names...]', 'names of manifests, or first letters of the ids of plans or runs')],
    store: 'never',
    options: [
      new Option('--unused', "remove what no manifest's newest plan uses: results of earlier versions"),
      new Option('--leftovers', 'remove checkpoints of finished runs, and parts of abandoned work'),
      new Option('-y, --yes', 'remove it; without this, it is only shown, and on a terminal a question follows'),
      stack,
      json,
    ],
    notes: `Never removes what a running command or execution uses, nor what an attempt uses that is younger than a day and has not finished. ${WHERE}`,
    would: (names: readonly string[], options: RmOptions) =>
      `remove ${removed(names, options)} ${inStore(options)}, ${options.yes === true ? 'at once' : 'after showing it and asking'}`,
    load: async () => (await import('./rm-command.ts')).rmCommand,
  },
];
