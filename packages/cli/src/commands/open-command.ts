import { spawn } from 'node:child_process';
import { UserError } from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { displayUrl, objectUrl } from '../plans/display-url.ts';
import { distantStores, likelyStores, searchStores } from '../plans/find-stores.ts';
import { openStore } from '../plans/open-store.ts';
import { savePage } from '../plans/save-page.ts';
import { type StoreOptions, storeUrl } from '../plans/store-url.ts';
import { listReports, newestReport, type StoredReport } from '../plans/stored-reports.ts';
import type { AwsOptions } from './aws-options.ts';
import type { CommandContext } from './command-context.ts';

/** As `createExecutionId` makes them. */
const EXECUTION_ID = /-\d{8}T\d{6}Z-[0-9a-f]{4}$/;

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

export interface OpenOptions extends StoreOptions, AwsOptions {}

/**
 * `bakeoff open [NAME]`: opens in the browser the newest report that has results, or that of one manifest, from the
 * store that is named or else wherever commands have written; or the report of an execution on AWS. A page that is in
 * no folder is downloaded first. Always prints its path.
 */
export async function openCommand(
  name: string | undefined,
  options: OpenOptions,
  context: CommandContext,
): Promise<number> {
  if (name !== undefined && EXECUTION_ID.test(name)) return openExecutionReport(name, options, context);
  const likely = await likelyStores(options);
  const isNamed = options.store !== undefined || options.out !== undefined;
  const isAsked = (report: StoredReport): boolean => name === undefined || report.name === name;
  const here = await searchStores(likely, listReports, context.log);
  let found = await newestReport(here.filter(isAsked));
  if (found === undefined && !isNamed) {
    const elsewhere = await searchStores(await distantStores(), listReports, context.log);
    found = await newestReport(elsewhere.filter(isAsked));
  }
  if (found === undefined) throw noReport(name, likely, here);
  return openReport(found, context);
}

function noReport(name: string | undefined, searched: readonly string[], found: readonly StoredReport[]): UserError {
  const names = [...new Set(found.map((report) => report.name))];
  return new UserError({
    what:
      name !== undefined
        ? `there is no report of ${name}`
        : found.length > 0
          ? 'there is no report with results to open'
          : 'there is no report to open',
    received: searched.map(displayUrl).join(', '),
    allowed: names.length > 0 && name !== undefined ? names.join(', ') : 'a store that `bakeoff run` wrote to',
    fix:
      names.length > 0 && name !== undefined
        ? 'give one of these names'
        : 'run a manifest first, or name its folder with --out',
  });
}

async function openReport({ store, name, pageKey }: StoredReport, context: CommandContext): Promise<number> {
  const place = objectUrl(store.url, pageKey);
  if (!store.url.startsWith('s3:')) return openPage(place, context);
  const page = await store.get(pageKey);
  if (page === undefined) throw noReport(name, [store.url], []);
  context.messages.write(`downloading ${place}\n`);
  return openPage(await savePage(page, `${name}.html`, store.url), context);
}

/** Opens the report of an execution: from the store that is named, or else from that of a deployment. */
async function openExecutionReport(
  executionId: string,
  options: OpenOptions,
  context: CommandContext,
): Promise<number> {
  const { readReportPage } = await import('../plans/execution-report.ts');
  const isNamed = options.store !== undefined || options.out !== undefined;
  const url = isNamed
    ? storeUrl(options)
    : (await (await import('../aws/deployment.ts')).findDeployment(options.stack)).storeUrl;
  const page = await readReportPage(await openStore(url), executionId);
  return openPage(await savePage(page, `${executionId}.html`), context);
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
