import { Argument, Option } from 'commander';
import { stack } from './aws-commands.ts';
import type { CommandDeclaration } from './declaration.ts';
import { json } from './shared-options.ts';

const WHERE = 'Without --out or --store, it takes the store that a command has written to last from this folder.';

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
    load: async () => (await import('./show-command.ts')).showCommand,
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
    load: async () => (await import('./rm-command.ts')).rmCommand,
  },
];
