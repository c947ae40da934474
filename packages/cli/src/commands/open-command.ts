import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@bakeoff/core';
import type { AwsOptions } from './aws-options.ts';
import type { CommandContext } from './command-context.ts';
import { defaultCache } from './shared-options.ts';
import { displayUrl } from '../plans/display-url.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { type StoreOptions, storeUrl } from '../plans/store-url.ts';

/** As `createExecutionId` makes them. */
const EXECUTION_ID = /-\d{8}T\d{6}Z-[0-9a-f]{4}$/;

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

export interface OpenOptions extends StoreOptions, AwsOptions {}

/**
 * `bakeoff open [NAME]`: opens the newest report in a folder, or the newest of one manifest, in the browser; or the
 * report of an execution on AWS, which is downloaded first. Always prints its path.
 */
export async function openCommand(
  name: string | undefined,
  options: OpenOptions,
  context: CommandContext,
): Promise<number> {
  if (name !== undefined && EXECUTION_ID.test(name)) return openExecutionReport(name, options.stack, context);
  const folder = storeUrl(options);
  if (folder.startsWith('s3:'))
    throw new UserError({
      what: 'a report in S3 cannot be opened directly',
      received: folder,
      fix: 'name its execution: bakeoff open EXECUTION, or copy it first: bakeoff fetch, or aws s3 cp',
    });
  const reports = await listReports(folder);
  const page = reports.find((report) => name === undefined || report.name === name)?.page;
  if (page === undefined) {
    throw new UserError({
      what: name === undefined ? 'there is no report to open' : `there is no report of ${name}`,
      received: displayUrl(folder),
      allowed:
        reports.length > 0 ? reports.map((report) => report.name).join(', ') : 'a folder that `bakeoff run` wrote to',
      fix: reports.length > 0 ? 'give one of these names' : 'run a manifest first, or name its folder with --out',
    });
  }
  return openPage(page, context);
}

/** Downloads the page of an execution's report, and opens it. */
async function openExecutionReport(executionId: string, stack: string, context: CommandContext): Promise<number> {
  const { downloadReport } = await import('../aws/download-report.ts');
  return openPage(await downloadReport(executionId, stack, join(defaultCache, 'reports')), context);
}

function openPage(page: string, context: CommandContext): number {
  context.output.write(`${displayUrl(page)}\n`);
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  // Without a desktop, the printed path is all the user gets.
  spawn(command, [...args, page], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
  return ExitCode.done;
}

/** Newest first. */
async function listReports(folder: string): Promise<{ name: string; page: string; changedMs: number }[]> {
  const latest = join(folder, 'reports/latest');
  const names = await readdir(latest).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const page = join(latest, name, 'index.html');
      const changed = await stat(page).catch(() => undefined);
      return changed === undefined ? [] : [{ name, page, changedMs: changed.mtimeMs }];
    }),
  );
  return found.flat().sort((a, b) => b.changedMs - a.changedMs);
}
