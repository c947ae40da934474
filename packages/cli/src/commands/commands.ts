import { engineNames } from '@bakeoff/engine/engines';
import { Argument, Option } from 'commander';
import { awsCommands, stack, stackCheck } from './aws-commands.ts';
import type { StoreOptions } from '../plans/store-url.ts';
import type { SourceOptions } from '../plans/load-plan.ts';
import type { CommandContext } from './command-context.ts';
import type { CommandDeclaration } from './declaration.ts';
import { inStore } from './in-store.ts';
import type { OpenOptions } from './open-command.ts';
import type { RunCommandOptions } from './options.ts';
import type { PlanOptions } from './plan-command.ts';
import { shells } from './completion/shells.ts';
import { optionGroups } from './option-groups.ts';
import { templateNames } from '../init/template-names.ts';
import {
  cache,
  changes,
  engine,
  events,
  force,
  jobs,
  json,
  manifest,
  port,
  positiveInteger,
  prices,
  sources,
  xla,
} from './shared-options.ts';
import { stageCommands } from './stage-commands.ts';
import { storeCommands } from './store-commands.ts';

/** The runs of a manifest file. */
async function planned(file: string, options: SourceOptions, context: CommandContext): Promise<string> {
  return (await import('../aws/would-do.ts')).plannedText(file, options, context);
}

/** Every command, in the order of the help. */
export const commands: readonly CommandDeclaration[] = [
  {
    name: 'init',
    group: 'study',
    summary: 'write a first manifest, from a template',
    examples: [
      'bakeoff init',
      'bakeoff init sweep.yaml --template sweep --images cifar10',
      'bakeoff init pets.yaml --images ~/pictures/pets',
    ],
    arguments: [new Argument('[file]', 'manifest to write (default: named after the template or the folder)')],
    options: [
      new Option(
        '--template <name>',
        'what the manifest compares (default: quickstart, or folder for a folder)',
      ).choices(templateNames),
      new Option('--images <source|folder>', 'images to train on: a source, or a folder with one folder per class'),
      new Option('--force', 'replace a file that exists'),
    ],
    notes: 'Asks what the options do not say, if there is a terminal.',
    load: async () => (await import('./init-command.ts')).initCommand,
  },
  {
    name: 'run',
    group: 'study',
    summary: 'go from a manifest to its report, doing what is not done yet',
    examples: [
      'bakeoff run experiments/quickstart.yaml',
      'bakeoff run experiments/quickstart.yaml --jobs 1 --out results',
      'bakeoff run study.yaml --archive ~/cifar-10-binary.tar.gz',
      'bakeoff run study.yaml --store s3://bucket/prefix',
      'bakeoff run study.yaml --docker',
      'bakeoff run study.yaml --watch',
    ],
    arguments: [manifest('<manifest>')],
    store: 'always',
    options: [
      jobs,
      engine,
      xla,
      ...changes,
      ...sources,
      force,
      events,
      new Option('--watch', "show the report's page while the run goes on, on this machine").helpGroup(
        optionGroups.page,
      ),
      port,
      new Option('--docker', 'run every stage in a container, with docker or podman').helpGroup(optionGroups.computing),
      new Option('--image <name>', 'container image of the stages, for --docker')
        .default('bakeoff')
        .env('BAKEOFF_IMAGE')
        .helpGroup(optionGroups.computing),
      new Option(
        '--gpu-image <name>',
        'container image of training and evaluation if there is an NVIDIA GPU, for --docker',
      )
        .default('bakeoff-gpu')
        .env('BAKEOFF_GPU_IMAGE')
        .helpGroup(optionGroups.computing),
    ],
    notes: 'After an interruption, run the same command again to resume.',
    would: async (named: string, options: RunCommandOptions, context: CommandContext) =>
      `do what is left of ${await planned(named, options, context)}, and keep everything ${inStore(options)}`,
    load: async () => (await import('./run-command.ts')).runCommand,
  },
  {
    name: 'watch',
    group: 'study',
    summary: "show the report's page, up to date, while runs go on",
    examples: [
      'bakeoff watch experiments/quickstart.yaml',
      'bakeoff watch --out results',
      'bakeoff watch study.yaml --store s3://bucket/prefix',
    ],
    arguments: [new Argument('[manifest]', 'manifest file or its name (default: the study that began last)')],
    store: 'never',
    options: [port, ...changes, ...sources],
    notes:
      'Prints the address of the page, which has a token and opens on this machine only. The page may be opened before ' +
      'the run has begun, and goes on when the run or this command is stopped and started again.',
    would: (named: string | undefined, options: StoreOptions) =>
      `show the page of ${named ?? 'the study that began last'} on this machine, as its runs go on ${inStore(options)}`,
    load: async () => (await import('./watch-command.ts')).watchCommand,
  },
  {
    name: 'plan',
    group: 'study',
    summary: 'list the runs of a manifest, with what they take in time, money and disk',
    examples: [
      'bakeoff plan experiments/quickstart.yaml',
      "bakeoff plan experiments/quickstart.yaml --json | jq '.runs[].parameters'",
      'bakeoff plan study.yaml --diff',
      'bakeoff plan study.yaml --store s3://bucket/prefix',
    ],
    arguments: [manifest('[manifest]')],
    store: 'whereNamed',
    options: [
      ...changes,
      jobs,
      engine,
      ...sources,
      prices,
      new Option('--diff', 'say what would be redone, and which changed settings are why'),
      new Option('--json', 'print the plan as one JSON object'),
      new Option('--execution <id>', 'for the state machine on AWS: open an execution of --source').hideHelp(),
      new Option('--source <name>', 'plans/ID or schedules/ID/TIME').hideHelp(),
    ],
    notes: `Never trains. Times come from finished trainings of the same networks on this machine,
else from the last \`bakeoff doctor --calibrate\`; they hold for --jobs and --engine.

Writes nothing unless a store is named. In that case, the plan is kept there for the
stage commands.`,
    would: async (named: string | undefined, options: PlanOptions, context: CommandContext) =>
      named === undefined
        ? `open execution ${options.execution} ${inStore(options)}`
        : `look which of ${await planned(named, options, context)} are done, and keep the plan ${inStore(options)}`,
    load: async () => (await import('./plan-command.ts')).planCommand,
  },
  ...stageCommands,
  {
    name: 'cost',
    group: 'networks',
    summary: 'count parameters, MACs and FLOPs of a network or of each run',
    examples: [
      'bakeoff cost',
      'bakeoff cost resnet20',
      "bakeoff cost '{ type: resnet, blocks: [3, 3, 3], channels: [16, 32, 64] }'",
      'bakeoff cost study.yaml',
      'bakeoff cost study.yaml cifarnet',
      'bakeoff cost study.yaml --set model.dropout2d=0.2',
    ],
    arguments: [
      new Argument(
        '[model|manifest]',
        'name of a model (resnet20), its settings in YAML, or a manifest file; default: lists all models',
      ),
      new Argument('[experiment]', "one of the manifest's experiments, whose network is shown layer by layer"),
    ],
    options: [...changes, ...sources, json],
    load: async () => (await import('./cost-command.ts')).costCommand,
  },
  {
    name: 'open',
    group: 'results',
    summary: 'open the newest report with results, or a manifest’s newest',
    examples: [
      'bakeoff open',
      'bakeoff open quickstart --out out/quickstart',
      'bakeoff open --store s3://bucket/prefix',
    ],
    arguments: [new Argument('[name]', "the manifest's name, or an execution's id")],
    options: [stack],
    store: 'never',
    notes: `Without --out or --store, it looks wherever commands have written from this folder, in ./out and in the \
folders in it, and then wherever else commands have written. A page from S3 is downloaded first.`,
    would: (name: string | undefined, { store, out, stack: stackName }: OpenOptions) => {
      const where = store ?? out ?? `the stores that commands have written to, or from stack ${stackName}`;
      return `download ${name === undefined ? 'the newest report' : `the report of ${name}`} from ${where}, and open it`;
    },
    load: async () => (await import('./open-command.ts')).openCommand,
  },
  ...storeCommands,
  {
    name: 'doctor',
    group: 'setup',
    summary: 'show which engines can train here, and what others lack',
    examples: [
      'bakeoff doctor',
      'bakeoff doctor --json | jq .automatic',
      'bakeoff doctor --calibrate',
      'bakeoff doctor --stack',
      'docker run --rm --gpus all bakeoff-gpu doctor',
    ],
    options: [
      json,
      stackCheck,
      new Option(
        '--calibrate',
        'instead measure for a few seconds how fast --engine trains here, for the estimates of plan',
      ),
      engine,
      cache,
      new Option('--time-steps <engine>', 'answer with measured steps').hideHelp(),
      new Option('--networks <n>', 'with --time-steps: only the first networks').argParser(positiveInteger).hideHelp(),
      new Option('--probe <engine>', 'answer for one engine, in a process that the engine may crash')
        .choices(engineNames)
        .hideHelp(),
    ],
    notes: `Tries each engine with a training step in a process of its own, and shows the GPU, container and AWS setup. \
Writes nothing except with --calibrate, and uses no network except for --stack.

The exit code is 0 if an engine can train, or with --stack if it can be deployed and its jobs can start; and 2 otherwise.`,
    load: async () => (await import('./doctor-command.ts')).doctorCommand,
  },
  ...awsCommands,
  {
    name: 'completion',
    group: 'setup',
    summary: 'print a script that completes commands, options, files and runs',
    examples: [
      'source <(bakeoff completion bash)    # in ~/.bashrc; for zsh in ~/.zshrc',
      'bakeoff completion fish | source     # in ~/.config/fish/config.fish',
    ],
    arguments: [new Argument('<shell>', 'the shell that will read it').choices(shells)],
    load: async () => (await import('./completion-command.ts')).completionCommand,
  },
  {
    name: 'schema',
    group: 'networks',
    examples: ['bakeoff schema > manifest.schema.json', 'bakeoff schema --format md'],
    summary: 'print the JSON Schema of manifests, or a page of their settings',
    options: [
      new Option('--format <name>', 'json: the schema, for editors; md: every setting with default and example')
        .choices(['json', 'md'])
        .default('json'),
    ],
    load: async () => (await import('./schema-command.ts')).schemaCommand,
  },
];
