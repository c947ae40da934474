import { engineNames } from '@bakeoff/engine/engines';
import { Argument, Option } from 'commander';
import { awsCommands, stack, stackCheck } from './aws-commands.ts';
import type { CommandDeclaration } from './declaration.ts';
import { changes, engine, events, force, jobs, json, manifest, sources } from './shared-options.ts';
import { stageCommands } from './stage-commands.ts';

/** Every command, in the order of the help. */
export const commands: readonly CommandDeclaration[] = [
  {
    name: 'run',
    summary: 'plan, prepare, train, evaluate, compare and report: do what is not done yet',
    arguments: [manifest('<manifest>')],
    store: 'always',
    options: [
      jobs,
      engine,
      ...changes,
      ...sources,
      force,
      events,
      new Option('--docker', 'run every stage in a container, with docker or podman'),
      new Option('--image <name>', 'container image of the stages, for --docker')
        .default('bakeoff')
        .env('BAKEOFF_IMAGE'),
      new Option(
        '--gpu-image <name>',
        'container image of training and evaluation if there is an NVIDIA GPU, for --docker',
      )
        .default('bakeoff-gpu')
        .env('BAKEOFF_GPU_IMAGE'),
    ],
    help: `Examples:
  $ bakeoff run experiments/quickstart.yaml
  $ bakeoff run experiments/stepik-cifar10.yaml --archive ~/cifar-10-binary.tar.gz --jobs 4 --out results
  $ bakeoff run experiments/stepik-cifar10.yaml --store s3://bucket/prefix
  $ bakeoff run experiments/quickstart.yaml --docker

After an interruption, run the same command again to resume.`,
    load: async () => (await import('./run-command.ts')).runCommand,
  },
  {
    name: 'plan',
    summary: 'list the runs of a manifest with their parameters and MACs, without starting any',
    arguments: [manifest('[manifest]')],
    store: 'whereNamed',
    options: [
      ...changes,
      ...sources,
      new Option('--json', 'print the plan as one JSON object'),
      new Option('--execution <id>', 'for the state machine on AWS: open an execution of --source').hideHelp(),
      new Option('--source <name>', 'plans/ID or schedules/ID/TIME').hideHelp(),
    ],
    help: `Writes nothing unless a store is named. In that case, the plan is kept there for the stage commands.

Examples:
  $ bakeoff plan experiments/quickstart.yaml
  $ bakeoff plan experiments/quickstart.yaml --json | jq '.runs[].parameters'
  $ bakeoff plan experiments/quickstart.yaml --store s3://bucket/prefix`,
    load: async () => (await import('./plan-command.ts')).planCommand,
  },
  ...stageCommands,
  {
    name: 'cost',
    summary: 'show what a network, or each run of a manifest, costs by each usual way of counting; nothing is trained',
    arguments: [
      new Argument(
        '[model|manifest]',
        'name of a model (resnet20), its settings in YAML, or a manifest file; default: lists all models',
      ),
      new Argument('[experiment]', "one of the manifest's experiments, whose network is shown layer by layer"),
    ],
    options: [...sources, json],
    help: `Examples:
  $ bakeoff cost
  $ bakeoff cost resnet20
  $ bakeoff cost '{ type: resnet, blocks: [3, 3, 3], channels: [16, 32, 64] }'
  $ bakeoff cost experiments/stepik-cifar10.yaml
  $ bakeoff cost experiments/stepik-cifar10.yaml cifarnet`,
    load: async () => (await import('./cost-command.ts')).costCommand,
  },
  {
    name: 'open',
    summary: 'open the newest report with results, or that of a manifest or of an execution on AWS, in the browser',
    arguments: [new Argument('[name]', "the manifest's name, or an execution's id")],
    options: [stack],
    store: 'never',
    help: `Without --out or --store, it looks wherever commands have written from this folder, in ./out and in the
folders in it, and then wherever else commands have written. A page from S3 is downloaded first.

Examples:
  $ bakeoff open
  $ bakeoff open quickstart --out out/quickstart
  $ bakeoff open --store s3://bucket/prefix`,
    load: async () => (await import('./open-command.ts')).openCommand,
  },
  {
    name: 'doctor',
    summary: 'show which engines can train here, what the others lack, and the GPU, container and AWS setup',
    options: [
      json,
      stackCheck,
      new Option('--probe <engine>', 'answer for one engine, in a process that the engine may crash')
        .choices(engineNames)
        .hideHelp(),
    ],
    help: `Tries each engine with a training step in a process of its own. Writes nothing, and uses no network
except for --stack.

The exit code is 0 if an engine can train, or with --stack if it can be deployed and its jobs can start; and 2 otherwise.

Examples:
  $ bakeoff doctor
  $ bakeoff doctor --json | jq .automatic
  $ bakeoff doctor --stack
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
