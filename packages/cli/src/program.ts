import { homedir } from 'node:os';
import { join } from 'node:path';
import type { StageName } from '@bakeoff/core';
import { engineNames } from '@bakeoff/engine/engines';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { buildInfo } from './process/build-info.ts';
import type { CommandContext } from './commands/command-context.ts';
import { addAwsCommands } from './commands/aws-commands.ts';

export interface ProgramOptions {
  readonly context: CommandContext;
  /** Told the exit code of the command that ran. */
  readonly finish: (exitCode: number) => void;
}

/** The command line: every command's code is loaded only when it is called, so that help answers at once. */
export function createProgram({ context, finish }: ProgramOptions): Command {
  const program = new Command('bakeoff')
    .description(
      'From a manifest of experiments on CIFAR-10 to one comparison report: which network, with which settings,\nis how good, at what cost, and is the difference real.',
    )
    .version(`${buildInfo.version} (${buildInfo.revision.slice(0, 12)})`, '-V, --version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.output.write(text),
      writeErr: (text) => context.messages.write(text),
    })
    .configureHelp({
      styleTitle: context.style.bold,
      styleCommandText: context.style.accent,
      styleOptionTerm: context.style.accent,
    })
    .addHelpText('after', programExamples);

  // The images say so: a container's own file system goes with it.
  if (process.env['BAKEOFF_CONTAINER'] !== undefined)
    program.hook('preAction', async (_program, action) =>
      (await import('./places/docker/require-lasting-store.ts')).requireLastingStore(action.name(), action.opts()),
    );

  command(program, 'run', 'plan, prepare, train, evaluate, compare and report: does only what is not done yet')
    .addArgument(manifestArgument('<manifest>'))
    .addOption(jobs)
    .addOption(engine)
    .addOption(archive)
    .addOption(cache)
    .addOption(force)
    .addOption(jsonLines)
    .addOption(docker)
    .addOption(image)
    .addOption(gpuImage)
    .addHelpText('after', runExamples)
    .action(async (manifest: string, options) =>
      finish(await (await import('./commands/run-command.ts')).runCommand(manifest, options, context)),
    );

  command(program, 'plan', 'show the runs a manifest stands for, without doing them')
    .addArgument(manifestArgument('[manifest]'))
    .addOption(archive)
    .addOption(cache)
    .addOption(new Option('--json', 'print the plan as one JSON object'))
    .addOption(new Option('--execution <id>', 'for the state machine on AWS: open an execution of --source').hideHelp())
    .addOption(new Option('--source <name>', 'plans/ID or schedules/ID/TIME').hideHelp())
    .addHelpText('after', planExamples)
    .action(async (manifest: string | undefined, options) => {
      if (options.execution === undefined)
        finish(await (await import('./commands/plan-command.ts')).planCommand(manifest, options, context));
      else finish(await (await import('./commands/open-execution-command.ts')).openExecutionCommand(options, context));
    });

  for (const { stage, description, options, example } of stages) {
    const made = command(program, stage, description)
      .addArgument(manifestArgument('[manifest]'))
      .addOption(new Option('--plan <id>', 'work on a plan that is in the store, instead of a manifest'))
      .addHelpText(
        'after',
        `\nExamples:\n  $ bakeoff ${stage} experiments/quickstart.yaml\n  $ bakeoff ${stage} ${example}`,
      )
      .action(async (manifest: string | undefined, given) =>
        finish(
          await (
            await import('./commands/stage-command.ts')
          ).stageCommand(stage, manifest, { engine: 'auto', cache: defaultCache, ...given }, context),
        ),
      );
    for (const option of [...options, force, jsonLines]) made.addOption(option);
  }

  program
    .command('cost')
    .description(
      'what a network, or each run of a manifest, costs, by the conventions people quote; nothing is trained',
    )
    .addArgument(new Argument('<model|manifest>', 'a type (cifarnet), settings in YAML, or a manifest file'))
    .addOption(archive)
    .addOption(cache)
    .addOption(new Option('--json', 'print one JSON object'))
    .addHelpText('after', costExamples)
    .action(async (subject: string, options) =>
      finish(await (await import('./commands/cost-command.ts')).costCommand(subject, options, context)),
    );

  command(program, 'open', 'show the newest report, or that of a manifest, in the browser')
    .addArgument(new Argument('[name]', "the manifest's name"))
    .action(async (name: string | undefined, options) =>
      finish(await (await import('./commands/open-command.ts')).openCommand(name, options, context)),
    );

  program
    .command('doctor')
    .description('which engines this machine can train with, what the others lack, and what else it has')
    .addOption(new Option('--json', 'print one JSON object'))
    .addOption(
      new Option('--probe <engine>', 'answer for one engine, in a process that may crash of it')
        .choices(engineNames)
        .hideHelp(),
    )
    .addHelpText('after', doctorExamples)
    .action(async (options) =>
      finish(await (await import('./commands/doctor-command.ts')).doctorCommand(options, context)),
    );

  addAwsCommands(program, { context, finish, sources, prices });
  program
    .command('schema')
    .description("print the manifest's JSON Schema, for editors")
    .action(async () => finish(await (await import('./commands/schema-command.ts')).schemaCommand(context)));
  return program;
}

const defaultCache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bakeoff');

const jobs = new Option(
  '-j, --jobs <n>',
  'runs at a time (default: as many as keep every core busy, replicas counted, and fewer when memory asks)',
).argParser(positiveInteger);
const engine = new Option('--engine <name>', 'what computes; auto takes the first that loads')
  .choices(['auto', ...engineNames])
  .default('auto')
  .env('BAKEOFF_ENGINE');
const archive = new Option('--archive <file>', 'CIFAR-10 binary archive at hand, instead of downloading it')
  .env('BAKEOFF_CIFAR10')
  .argParser((path) => path || undefined);
const cache = new Option('--cache <dir>', 'where downloads are kept')
  .default(defaultCache, '~/.cache/bakeoff')
  .env('BAKEOFF_CACHE');
const force = new Option('--force', 'remove the results that are there, and do everything again');
const jsonLines = new Option('--json', 'print events as JSON lines; the last one is the result');
const docker = new Option('--docker', 'run every stage in a container, by docker or podman');
const image = new Option('--image <name>', 'image of the stages, for --docker').default('bakeoff').env('BAKEOFF_IMAGE');
const gpuImage = new Option(
  '--gpu-image <name>',
  'image of training and evaluation where there is an NVIDIA GPU, for --docker',
)
  .default('bakeoff-gpu')
  .env('BAKEOFF_GPU_IMAGE');
const dataset = new Option('--dataset <id>', 'only this dataset of the plan');
const run = new Option('--run <id>', 'only this run of the plan; the first letters of its id do');
const experiment = new Option('--experiment <id>', 'only the runs of this experiment; * stands for any letters');
const preview = new Option(
  '--preview <file>',
  'write a contact sheet (PNG) of training images and their augmented views, and stop there',
);
const format = new Option('--format <name>', 'print the runs as Markdown or CSV instead of building the page').choices([
  'md',
  'csv',
]);
const prices = new Option('--prices <file>', 'price table for dollars, instead of the one that ships');

const noPictures = new Option('--no-pictures', "leave the test images' pictures out, for a page to publish");

const runSelection = [run, experiment, jobs, engine];
const sources = [archive, cache];

const stages: readonly { stage: StageName; description: string; options: readonly Option[]; example: string }[] = [
  {
    stage: 'data-prep',
    description: 'prepare datasets: download, split, augment, write shards',
    options: [dataset, jobs, preview, ...sources],
    example: '--plan 0f1e2d3c4b5a6978 --dataset 8796a5b4c3d2e1f0 --store s3://bucket/prefix',
  },
  {
    stage: 'train',
    description: 'train runs, continuing from their checkpoints',
    options: [...runSelection, ...sources],
    example: '--plan 0f1e2d3c4b5a6978 --run 8796a5b4c3d2e1f0 --store s3://bucket/prefix',
  },
  {
    stage: 'evaluate',
    description: 'evaluate trained runs on the held-out test images',
    options: [...runSelection, ...sources],
    example: '--plan 0f1e2d3c4b5a6978 --run 8796a5b4c3d2e1f0 --store s3://bucket/prefix',
  },
  {
    stage: 'compare',
    description: 'test the differences between the evaluated runs',
    options: sources,
    example: '--plan 0f1e2d3c4b5a6978 --store s3://bucket/prefix',
  },
  {
    stage: 'report',
    description: 'build the report of what is there',
    options: [...sources, prices, noPictures, format],
    example: '--plan 0f1e2d3c4b5a6978 --store s3://bucket/prefix',
  },
];

const programExamples = `
Examples:
  $ bakeoff run experiments/quickstart.yaml           from the manifest to out/reports/latest/quickstart/index.html
  $ bakeoff plan experiments/quickstart.yaml          the runs it stands for, their parameters and MACs
  $ bakeoff run experiments/quickstart.yaml --jobs 1 --out results

Exit codes: 0 done, 1 a bug, 2 a mistake that the message names, 75 interrupted (the same command continues), 130 Ctrl-C.`;

const runExamples = `
Examples:
  $ bakeoff run experiments/quickstart.yaml
  $ bakeoff run experiments/stepik-cifar10.yaml --archive ~/cifar-10-binary.tar.gz --jobs 4 --out results
  $ bakeoff run experiments/stepik-cifar10.yaml --store s3://bucket/prefix
  $ bakeoff run experiments/quickstart.yaml --docker

Interrupted, by Ctrl-C or worse, the same command continues where it stopped.`;

const planExamples = `
Writes nothing, unless a store is named: then the plan is kept there for the stage commands.

Examples:
  $ bakeoff plan experiments/quickstart.yaml
  $ bakeoff plan experiments/quickstart.yaml --json | jq '.runs[].parameters'
  $ bakeoff plan experiments/quickstart.yaml --store s3://bucket/prefix`;

const costExamples = `
Examples:
  $ bakeoff cost cifarnet
  $ bakeoff cost '{ type: resnet, blocks: [3, 3, 3], channels: [16, 32, 64] }'
  $ bakeoff cost experiments/stepik-cifar10.yaml`;

const doctorExamples = `
Each engine is tried by a training step in a process of its own. Nothing is written, and no network is used.

Exit code 0 where an engine can train, else 2.

Examples:
  $ bakeoff doctor
  $ bakeoff doctor --json | jq .automatic
  $ docker run --rm --gpus all bakeoff-gpu doctor`;

function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .addOption(new Option('-o, --out <dir>', 'folder for all results (default: ./out)').conflicts('store'))
    .addOption(new Option('--store <url>', 'the same by URL: a folder, or s3://bucket/prefix').env('BAKEOFF_STORE'));
}

function manifestArgument(syntax: string): Argument {
  return new Argument(syntax, 'manifest file (YAML or JSON)');
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Allowed: a whole number from 1.');
  return Number(text);
}
