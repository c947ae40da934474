import { nearestNames, type Plan, type PlannedRun, type Store, UserError } from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { confirm } from '../aws/confirm.ts';
import { displayUrl } from '../plans/display-url.ts';
import { findRun } from '../plans/find-subject.ts';
import { type AsksExecution, findInUse, type InUse } from '../plans/in-use.ts';
import { readableStore } from '../plans/readable-store.ts';
import { leftovers, type Removable, resultsOfRun, unused, usedOnlyBy } from '../plans/removable.ts';
import { removeFolders } from '../plans/remove-folders.ts';
import { newestPlans, readContents, type StoreContents } from '../plans/store-contents.ts';
import type { StoreOptions } from '../plans/store-url.ts';
import { formatBytes, formatCount, plural, shorten } from '../progress/format.ts';
import { formatTable, left, right } from '../progress/table.ts';
import type { AwsOptions } from './aws-options.ts';
import type { CommandContext } from './command-context.ts';

export interface RmOptions extends StoreOptions, AwsOptions {
  readonly unused?: boolean;
  readonly leftovers?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const MAX_ROWS = 40;
const LABEL_WIDTH = 46;

/**
 * `bakeoff rm NAME…`: removes what only these manifests, plans or runs use. It shows first what it would remove, and
 * removes it after a question or with --yes.
 */
export async function rmCommand(
  names: readonly string[],
  options: RmOptions,
  context: CommandContext,
): Promise<number> {
  const kinds = [names.length > 0, options.unused === true, options.leftovers === true].filter(Boolean).length;
  if (kinds !== 1)
    throw new UserError({
      what: kinds === 0 ? 'nothing to remove' : 'rm removes one kind of thing at a time',
      received: kinds === 0 ? 'no name' : 'several of NAME, --unused and --leftovers',
      allowed: 'names of manifests, or ids of plans or runs; --unused; --leftovers',
      fix: 'list what there is: bakeoff ls',
    });
  const store = await readableStore(options);
  const asksExecution = executionsOf(options.stack, store.url);
  const find = async () => {
    const contents = await readContents(store);
    const inUse = await findInUse(contents, { nowMs: context.clock.nowMs(), asksExecution });
    return { contents, found: await findRemovable(names, options, contents, inUse) };
  };
  const { contents, found } = await find();
  const total = totalOf(found);
  if (options.json !== true) for (const line of describe(found, contents, context)) context.output.write(`${line}\n`);
  const isSure = found.removals.length > 0 && (options.yes === true || (await agrees(total, options, context)));
  // Work may have begun while the question was open.
  const removed = isSure ? await removeFolders(store, (await find()).found.removals, found.removals) : undefined;
  if (options.json === true)
    context.output.write(`${JSON.stringify(asJson(store, found, removed !== undefined), undefined, 2)}\n`);
  else if (removed !== undefined)
    context.output.write(`removed ${plural(removed.objects, 'object')}, ${formatBytes(removed.bytes)}\n`);
  else if (found.removals.length > 0) context.output.write('Nothing is removed yet; to remove it, add --yes.\n');
  return ExitCode.done;
}

function findRemovable(
  names: readonly string[],
  options: RmOptions,
  contents: StoreContents,
  inUse: InUse,
): Promise<Removable> {
  if (options.unused === true) return unused(contents, inUse);
  return options.leftovers === true ? leftovers(contents, inUse) : ofNames(names, contents, inUse);
}

async function ofNames(names: readonly string[], contents: StoreContents, inUse: InUse): Promise<Removable> {
  const plans: Plan[] = [];
  const runs: PlannedRun[] = [];
  for (const name of names) {
    const found = plansOf(name, contents);
    if (found.length > 0) plans.push(...found);
    else runs.push(requireRun(name, contents));
  }
  const parts = [
    ...(plans.length > 0 ? [await usedOnlyBy(plans, contents, inUse)] : []),
    ...runs.map((run) => resultsOfRun(run, contents, inUse)),
  ];
  const removals = new Map(parts.flatMap((part) => part.removals.map((each) => [each.folder, each] as const)));
  return { removals: [...removals.values()], kept: new Map(parts.flatMap((part) => [...part.kept])) };
}

/** All plans of a manifest, or the plan whose id begins so. */
function plansOf(name: string, { plans }: StoreContents): Plan[] {
  const all = plans.map(({ plan }) => plan);
  const named = all.filter((plan) => plan.name === name);
  return named.length > 0 || name.length < 4 ? named : all.filter(({ planId }) => planId.startsWith(name));
}

/** @throws UserError if there is no such run, if there are several, or if several manifests use it */
function requireRun(name: string, contents: StoreContents): PlannedRun {
  const plans = contents.plans.map(({ plan }) => plan);
  const run = findRun(name, plans);
  if (run === undefined) {
    const manifests = newestPlans(contents).map(({ plan }) => plan.name);
    const nearest = nearestNames(name, manifests);
    throw new UserError({
      what: `nothing is called ${name} in ${displayUrl(contents.store.url)}`,
      received: name,
      allowed: `${manifests.slice(0, 10).join(', ') || 'no manifest'}, or the first letters of a run's or plan's id`,
      fix: nearest.length > 0 ? `did you mean ${nearest[0]}?` : 'list what there is: bakeoff ls',
    });
  }
  const owners = plans.filter(({ runs }) => runs.some(({ runId }) => runId === run.runId));
  const manifests = new Set(owners.map((plan) => plan.name));
  if (manifests.size > 1)
    throw new UserError({
      what: `run ${run.runId} is used by several manifests`,
      received: [...manifests].join(', '),
      fix: 'remove those that are no longer needed first: bakeoff rm MANIFEST',
    });
  return run;
}

/** Asks the deployment whose store it is, if there are executions at all; without one, it is not known which run. */
function executionsOf(stack: string, storeUrl: string): AsksExecution {
  // What was fetched to a folder does not run there.
  if (!storeUrl.startsWith('s3:')) return async () => false;
  let executions: ReturnType<typeof findExecutions> | undefined;
  return async (executionId) => {
    executions ??= findExecutions(stack, storeUrl);
    const found = await (await executions)?.describe(executionId).catch(() => undefined);
    return found === undefined ? null : found.status === 'RUNNING';
  };
}

/** Undefined if the stack cannot be found, or has another store. */
async function findExecutions(stack: string, storeUrl: string) {
  const { findDeployment } = await import('../aws/deployment.ts');
  const { Executions } = await import('../aws/executions.ts');
  const deployment = await findDeployment(stack).catch(() => undefined);
  return deployment?.storeUrl === storeUrl ? new Executions(deployment) : undefined;
}

async function agrees(total: Total, options: RmOptions, { messages, signal }: CommandContext): Promise<boolean> {
  if (options.json === true || !process.stdin.isTTY || messages.isTTY !== true) return false;
  const what = `${plural(total.objects, 'object')}, ${formatBytes(total.bytes)}`;
  return confirm(`Remove ${what}?`, { messages, signal, fix: 'add --yes' });
}

interface Total {
  readonly objects: number;
  readonly bytes: number;
}

function totalOf({ removals }: Removable): Total {
  return {
    objects: removals.reduce((sum, { keys }) => sum + keys.length, 0),
    bytes: removals.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function describe(found: Removable, contents: StoreContents, { style }: CommandContext): string[] {
  const labelOf = labeler(contents);
  const { objects, bytes } = totalOf(found);
  const rows = found.removals.map(({ folder, keys, bytes: size }) => [
    shorten(labelOf(folder), LABEL_WIDTH),
    formatCount(keys.length),
    formatBytes(size),
  ]);
  const where = style.bold(displayUrl(contents.store.url));
  return [
    rows.length === 0
      ? `${where}  nothing to remove`
      : `${where}  to remove: ${plural(objects, 'object')}, ${formatBytes(bytes)}`,
    ...(rows.length === 0
      ? []
      : ['', ...formatTable([left('what'), right('objects'), right('size')], rows.slice(0, MAX_ROWS), style.dim)]),
    ...(rows.length > MAX_ROWS ? [style.dim(`… and ${rows.length - MAX_ROWS} more; --json has all`)] : []),
    ...keptLines(found.kept),
    ...(rows.length === 0 ? [] : ['']),
  ];
}

/** What is kept, by the reasons: "kept, as one uses it too: 6 runs, 6 evaluations". */
function keptLines(kept: Removable['kept']): string[] {
  const reasons = new Map<string, Map<string, number>>();
  for (const [folder, why] of kept) {
    const kind = WORDS[folder.split('/')[0] ?? ''] ?? 'folder';
    const counts = reasons.get(why) ?? new Map<string, number>();
    reasons.set(why, counts.set(kind, (counts.get(kind) ?? 0) + 1));
  }
  const lines = [...reasons].map(
    ([why, counts]) => `kept, ${why}: ${[...counts].map(([kind, number]) => plural(number, kind)).join(', ')}`,
  );
  return lines.length === 0 ? [] : ['', ...lines];
}

const WORDS: Readonly<Record<string, string>> = {
  plans: 'plan',
  datasets: 'data set',
  runs: 'run',
  evaluations: 'evaluation',
  comparisons: 'comparison',
  reports: 'report',
  sources: 'archive',
};

/** Folders in words: "run 8796a5b4 (resnet20, seed 1)". */
function labeler({ plans }: StoreContents): (folder: string) => string {
  const runs = new Map<string, PlannedRun>();
  for (const { plan } of plans) for (const run of plan.runs) runs.set(run.runId, run);
  const manifests = new Map(plans.map(({ plan }) => [plan.planId, plan.name]));
  return (folder) => {
    const [prefix = '', id = '', name] = folder.split('/');
    if (name !== undefined) return `newest report of ${name}`;
    const run = runs.get(id);
    const of = run === undefined ? manifests.get(id) : `${run.experiments.join(', ')}, seed ${run.seed}`;
    return `${WORDS[prefix] ?? prefix} ${id.slice(0, 8)}${of === undefined ? '' : ` (${of})`}`;
  };
}

function asJson({ url }: Store, found: Removable, removed: boolean): object {
  return {
    store: url,
    removed,
    ...totalOf(found),
    removals: found.removals,
    kept: [...found.kept].map(([folder, reason]) => ({ folder, reason })),
  };
}
