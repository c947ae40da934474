import { engineNames } from '@bakeoff/engine/engines';
import { Argument, Option } from 'commander';
import { awsCommands } from './aws-commands.ts';
import type { CommandDeclaration } from './declaration.ts';
import { engine, events, force, jobs, json, manifest, sources } from './shared-options.ts';
import { stageCommands } from './stage-commands.ts';

/** Every command, in the order of the help. */
export const commands: readonly CommandDeclaration[] = [
  {
    name: 'run',
    summary: 'plan, prepare, train, evaluate, compare and report: does only what is not done yet',
    arguments: [manifest('<manifest>')],
    store: 'always',
    options: [
      jobs,
      engine,
      ...sources,
      force,
      events,
      new Option('--docker', 'run every stage in a container, by docker or podman'),
      new Option('--image <name>', 'image of the stages, for --docker').default('bakeoff').env('BAKEOFF_IMAGE'),
      new Option('--gpu-image <name>', 'image of training and evaluation where there is an NVIDIA GPU, for --docker')
        .default('bakeoff-gpu')
        .env('BAKEOFF_GPU_IMAGE'),
    ],
    help: `Examples:
  $ bakeoff run experiments/quickstart.yaml
  $ bakeoff run experiments/stepik-cifar10.yaml --archive ~/cifar-10-binary.tar.gz --jobs 4 --out results
  $ bakeoff run experiments/stepik-cifar10.yaml --store s3://bucket/prefix
  $ bakeoff run experiments/quickstart.yaml --docker

Interrupted, by Ctrl-C or worse, the same command continues where it stopped.`,
    load: async () => (await import('./run-command.ts')).runCommand,
  },
  {
    name: 'plan',
    summary: 'show the runs a manifest stands for, without doing them',
    arguments: [manifest('[manifest]')],
    store: 'whereNamed',
    options: [
      ...sources,
      new Option('--json', 'print the plan as one JSON object'),
      new Option('--execution <id>', 'for the state machine on AWS: open an execution of --source').hideHelp(),
      new Option('--source <name>', 'plans/ID or schedules/ID/TIME').hideHelp(),
    ],
    help: `Writes nothing, unless a store is named: then the plan is kept there for the stage commands.

Examples:
  $ bakeoff plan experiments/quickstart.yaml
  $ bakeoff plan experiments/quickstart.yaml --json | jq '.runs[].parameters'
  $ bakeoff plan experiments/quickstart.yaml --store s3://bucket/prefix`,
    load: async () => (await import('./plan-command.ts')).planCommand,
  },
  ...stageCommands,
  {
    name: 'cost',
    summary: 'what a network, or each run of a manifest, costs, by the conventions people quote; nothing is trained',
    arguments: [new Argument('<model|manifest>', 'a type (cifarnet), settings in YAML, or a manifest file')],
    options: [...sources, json],
    help: `Examples:
  $ bakeoff cost cifarnet
  $ bakeoff cost '{ type: resnet, blocks: [3, 3, 3], channels: [16, 32, 64] }'
  $ bakeoff cost experiments/stepik-cifar10.yaml`,
    load: async () => (await import('./cost-command.ts')).costCommand,
  },
  {
    name: 'open',
    summary: 'show the newest report, or that of a manifest, in the browser',
    arguments: [new Argument('[name]', "the manifest's name")],
    store: 'never',
    load: async () => (await import('./open-command.ts')).openCommand,
  },
  {
    name: 'doctor',
    summary: 'which engines this machine can train with, what the others lack, and what else it has',
    options: [
      json,
      new Option('--probe <engine>', 'answer for one engine, in a process that may crash of it')
        .choices(engineNames)
        .hideHelp(),
    ],
    help: `Each engine is tried by a training step in a process of its own. Nothing is written, and no network is used.

Exit code 0 where an engine can train, else 2.

Examples:
  $ bakeoff doctor
  $ bakeoff doctor --json | jq .automatic
  $ docker run --rm --gpus all bakeoff-gpu doctor`,
    load: async () => (await import('./doctor-command.ts')).doctorCommand,
  },
  ...awsCommands,
  {
    name: 'schema',
    summary: "print the manifest's JSON Schema, for editors",
    load: async () => (await import('./schema-command.ts')).schemaCommand,
  },
];
