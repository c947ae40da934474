import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from './command-context.ts';

export interface AwsCommandOptions {
  readonly context: CommandContext;
  readonly finish: (exitCode: number) => void;
  /** Options for the sources of a manifest, as other commands have them. */
  readonly sources: readonly Option[];
  readonly prices: Option;
}

const stack = new Option('--stack <name>', 'the deployment’s CloudFormation stack')
  .default('Bakeoff')
  .env('BAKEOFF_STACK');
const json = new Option('--json', 'print one JSON object');
const manifest = (syntax: string): Argument => new Argument(syntax, 'manifest file (YAML or JSON)');
const dollars = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('Allowed: dollars, from 0.');
  return value;
};

/** The commands that work with a deployment on AWS; their code, and the AWS clients, are loaded when one is called. */
export function addAwsCommands(program: Command, { context, finish, sources, prices }: AwsCommandOptions): void {
  const execution = new Argument('[execution]', 'its id; the newest where none is named');

  const submit = program
    .command('submit')
    .description('on AWS: run a manifest, after saying what it will cost')
    .addArgument(manifest('<manifest>'));
  for (const option of [stack, ...sources, prices]) submit.addOption(option);
  submit
    .addOption(
      new Option('--ask-above <dollars>', 'ask first where the estimate is higher').default(10).argParser(dollars),
    )
    .addOption(new Option('-y, --yes', 'do not ask'))
    .addOption(json)
    .addHelpText(
      'after',
      '\nWith --archive the archive is put beside the plan; else data-prep downloads it once.\n\nExample:\n  $ bakeoff submit experiments/stepik.yaml',
    )
    .action(async (path: string, options) =>
      finish(await (await import('./submit-command.ts')).submitCommand(path, options, context)),
    );

  program
    .command('status')
    .description('on AWS: the runs of an execution, their progress, and why jobs wait')
    .addArgument(execution)
    .addOption(stack)
    .addOption(json)
    .action(async (id: string | undefined, options) =>
      finish(await (await import('./status-command.ts')).statusCommand(id, options, context)),
    );

  program
    .command('logs')
    .description('on AWS: what the jobs of a run wrote')
    .addArgument(new Argument('<run>', 'a run’s id or its first letters; or plan, data-prep, compare, report'))
    .addOption(stack)
    .addOption(new Option('-f, --follow', 'go on until the job ends'))
    .action(async (run: string, options) =>
      finish(await (await import('./logs-command.ts')).logsCommand(run, options, context)),
    );

  program
    .command('cancel')
    .description('on AWS: stop an execution and its jobs; checkpoints are kept')
    .addArgument(execution)
    .addOption(stack)
    .action(async (id: string | undefined, options) =>
      finish(await (await import('./cancel-command.ts')).cancelCommand(id, options, context)),
    );

  program
    .command('retry')
    .description('on AWS: run what an execution left unfinished')
    .addArgument(execution)
    .addOption(stack)
    .action(async (id: string | undefined, options) =>
      finish(await (await import('./retry-command.ts')).retryCommand(id, options, context)),
    );

  program
    .command('fetch')
    .description('on AWS: copy an execution’s report and results to a folder')
    .addArgument(execution)
    .addOption(stack)
    .addOption(new Option('--to <dir>', 'the folder').default('./out'))
    .action(async (id: string | undefined, options) =>
      finish(await (await import('./fetch-command.ts')).fetchCommand(id, options, context)),
    );

  addScheduleCommands(program, manifest('[manifest]'), { context, finish, sources, prices });
}

function addScheduleCommands(
  program: Command,
  manifest: Argument,
  { context, finish, sources }: AwsCommandOptions,
): void {
  const schedule = program
    .command('schedule')
    .description('on AWS: run a manifest again and again, one more seed each time')
    .addArgument(manifest);
  for (const option of [stack, ...sources]) schedule.addOption(option);
  schedule
    .addOption(new Option('--rate <value>', 'every so often, e.g. "7 days"').conflicts('cron'))
    .addOption(new Option('--cron <fields>', 'six fields of EventBridge, e.g. "0 9 ? * MON *"'))
    .addOption(new Option('--timezone <name>', 'for --cron').default('UTC'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ bakeoff schedule experiments/stepik.yaml --rate "7 days"\n  $ bakeoff schedule list\n  $ bakeoff schedule delete stepik-0f1e2d3c',
    )
    .action(async (path: string | undefined, options) =>
      finish(await (await import('./schedule-command.ts')).scheduleCommand(path, options, context)),
    );
  schedule
    .command('list')
    .description('what is scheduled')
    .addOption(stack)
    .action(async (options) =>
      finish(await (await import('./schedule-command.ts')).scheduleListCommand(options, context)),
    );
  schedule
    .command('delete')
    .description('end a schedule; its results stay')
    .argument('<schedule>', 'its name')
    .addOption(stack)
    .action(async (name: string, options) =>
      finish(await (await import('./schedule-command.ts')).scheduleDeleteCommand(name, options, context)),
    );
}
