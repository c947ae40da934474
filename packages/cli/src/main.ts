import { CommanderError } from 'commander';
import { systemClock } from './process/clock.ts';
import type { CommandContext } from './commands/command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { explainError } from './process/explain-error.ts';
import { createProgram } from './program.ts';
import { obeysEscapes, styleFor } from './progress/style.ts';
import { listenForStop } from './process/stop-signal.ts';

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  // The AWS SDK is pinned to a version that supports this Node. Its notice that later versions need a newer Node would
  // be in every job's log.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  // The AWS CLI reads both, in this order; the SDK knows only the first.
  if (!process.env['AWS_REGION'] && process.env['AWS_DEFAULT_REGION'])
    process.env['AWS_REGION'] = process.env['AWS_DEFAULT_REGION'];
  const context = createContext();
  const program = createProgram({ context, finish: (exitCode) => (process.exitCode = exitCode) });
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = reportError(error, context);
  }
  // The channel to the parent process would keep this process alive.
  if (process.connected) process.disconnect();
}

function createContext(): CommandContext {
  const stop = listenForStop({
    exit: () => {
      // Progress bars hide the cursor.
      if (obeysEscapes(process.stderr)) process.stderr.write('\u001b[?25h\n');
      process.exit(ExitCode.ctrlC);
    },
    parent: process.env['BAKEOFF_PARENT'],
    written: [process.stdout, process.stderr],
  });
  const messageStyle = styleFor(process.stderr);
  return {
    output: process.stdout,
    messages: process.stderr,
    style: styleFor(process.stdout),
    messageStyle,
    stop,
    signal: stop.signal,
    clock: systemClock,
    log: (event) => {
      if (event.type === 'message') process.stderr.write(`${event.text}\n`);
      if (event.type === 'warning') process.stderr.write(`${messageStyle.warn(`⚠ ${event.text}`)}\n`);
    },
  };
}

function reportError(error: unknown, { messages, messageStyle, stop }: CommandContext): number {
  // Commander has printed its message, or the requested help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.mistake;
  if (stop.cause() !== undefined && error instanceof Error && error.name === 'AbortError')
    return stop.cause() === 'SIGINT' ? ExitCode.ctrlC : ExitCode.interrupted;
  const { message, exitCode } = explainError(error);
  messages.write(`${messageStyle.bad('error:')} ${message}\n`);
  return exitCode;
}
