import { prefixes } from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { displayUrl } from '../plans/display-url.ts';
import { unknownManifest } from '../plans/find-subject.ts';
import { readableStore } from '../plans/readable-store.ts';
import {
  bytesOf,
  foldersOfPlan,
  foldersOfRun,
  newestPlans,
  readContents,
  type RunProgress,
  runProgress,
  type StoreContents,
  type StoredPlan,
} from '../plans/store-contents.ts';
import type { StoreOptions } from '../plans/store-url.ts';
import { formatBytes, formatTime, plural, shorten } from '../progress/format.ts';
import type { Style } from '../progress/style.ts';
import { formatTable, left, right } from '../progress/table.ts';
import type { CommandContext } from './command-context.ts';

export interface LsOptions extends StoreOptions {
  readonly json?: boolean;
}

/** Rows of runs that are printed; --json has all of them. */
const MAX_ROWS = 40;
const NAME_WIDTH = 26;

interface ListedManifest {
  readonly name: string;
  readonly planId: string;
  readonly fileName: string;
  /** Plans of other versions of the manifest. */
  readonly earlierPlans: number;
  readonly runs: number;
  readonly evaluated: number;
  /** Whether there is a report under its name. */
  readonly reported: boolean;
  /** Of all that it uses; what several manifests use is counted in each. */
  readonly bytes: number;
  readonly changedAt: string;
}

interface ListedRun {
  readonly runId: string;
  /** Names of the manifests whose newest plans have it; empty: none. */
  readonly manifests: readonly string[];
  readonly experiments: readonly string[];
  readonly seed: number | null;
  readonly state: RunProgress | 'unused';
  readonly bytes: number;
  /** Null if nothing of it is stored. */
  readonly changedAt: string | null;
}

/** `bakeoff ls [MANIFEST]`: the manifests and runs of a store, with their sizes and dates. */
export async function lsCommand(
  name: string | undefined,
  options: LsOptions,
  context: CommandContext,
): Promise<number> {
  const store = await readableStore(options);
  const contents = await readContents(store);
  const newest = newestPlans(contents);
  if (name !== undefined && !newest.some(({ plan }) => plan.name === name)) throw unknownManifest(name, contents);
  const shown = newest.filter(({ plan }) => name === undefined || plan.name === name);
  const manifests = shown.map((stored) => listedManifest(stored, contents));
  const runs = listedRuns(shown, contents, name === undefined);
  const bytes = name === undefined ? bytesOf(contents, [...contents.folders.keys()]) : manifests[0]!.bytes;
  if (options.json === true) {
    context.output.write(`${JSON.stringify({ store: store.url, bytes, manifests, runs }, undefined, 2)}\n`);
    return ExitCode.done;
  }
  const { style } = context;
  const counts = `${plural(manifests.length, 'manifest')}, ${plural(runs.length, 'run')} · ${formatBytes(bytes)}`;
  const lines = [
    `${style.bold(displayUrl(store.url))}  ${manifests.length === 0 && runs.length === 0 ? 'nothing is stored here' : counts}`,
    ...(manifests.length > 0 ? ['', ...manifestTable(manifests, style)] : []),
    ...(runs.length > 0 ? ['', ...runTable(runs, style)] : []),
  ];
  for (const line of lines) context.output.write(`${line}\n`);
  return ExitCode.done;
}

function listedManifest({ plan, modifiedMs }: StoredPlan, contents: StoreContents): ListedManifest {
  const folders = foldersOfPlan(contents, plan);
  const changed = folders.flatMap((folder) => contents.folders.get(folder)?.modifiedMs ?? []);
  return {
    name: plan.name,
    planId: plan.planId,
    fileName: plan.manifest.fileName,
    earlierPlans: contents.plans.filter((other) => other.plan.name === plan.name).length - 1,
    runs: plan.runs.length,
    evaluated: plan.runs.filter((run) => runProgress(contents, run) === 'evaluated').length,
    reported: contents.folders.has(`${prefixes.reports}latest/${plan.name}`),
    bytes: bytesOf(contents, folders),
    changedAt: new Date(Math.max(modifiedMs, ...changed)).toISOString(),
  };
}

function isMerged({ plan }: StoredPlan): boolean {
  return plan.manifest.parts !== undefined;
}

/** Runs of the plans, and those of no plan if asked for; those that changed last come first. */
function listedRuns(plans: readonly StoredPlan[], contents: StoreContents, withOthers: boolean): ListedRun[] {
  const found = new Map<string, ListedRun>();
  // A plan of several manifests comes last: what it calls experiments matters only for runs of no other plan.
  for (const stored of plans.toSorted((a, b) => Number(isMerged(a)) - Number(isMerged(b))))
    for (const run of stored.plan.runs) {
      const known = found.get(run.runId);
      const folders = foldersOfRun(run);
      const names = known !== undefined && isMerged(stored) ? [] : run.experiments;
      found.set(run.runId, {
        runId: run.runId,
        manifests: [...(known?.manifests ?? []), stored.plan.name],
        experiments: [...new Set([...(known?.experiments ?? []), ...names])],
        seed: run.seed,
        state: runProgress(contents, run),
        bytes: bytesOf(contents, folders),
        changedAt: changedAt(contents, folders),
      });
    }
  if (withOthers)
    for (const folder of contents.folders.keys()) {
      const runId = folder.slice(prefixes.runs.length);
      if (!folder.startsWith(prefixes.runs) || found.has(runId)) continue;
      const rest = { manifests: [], experiments: [], seed: null, state: 'unused' } as const;
      found.set(runId, {
        runId,
        ...rest,
        bytes: bytesOf(contents, [folder]),
        changedAt: changedAt(contents, [folder]),
      });
    }
  return [...found.values()].sort((a, b) => ((a.changedAt ?? '') < (b.changedAt ?? '') ? 1 : -1));
}

function changedAt({ folders }: StoreContents, names: readonly string[]): string | null {
  const times = names.flatMap((name) => folders.get(name)?.modifiedMs ?? []);
  return times.length === 0 ? null : new Date(Math.max(...times)).toISOString();
}

function manifestTable(manifests: readonly ListedManifest[], style: Style): string[] {
  const rows = manifests.map(({ name, runs, evaluated, reported, bytes, changedAt: at, earlierPlans }) => [
    shorten(earlierPlans === 0 ? name : `${name} (+${earlierPlans} earlier)`, NAME_WIDTH),
    `${evaluated} of ${runs}`,
    reported ? 'yes' : 'no',
    formatBytes(bytes),
    formatTime(at),
  ]);
  return formatTable(
    [left('manifest'), right('evaluated'), left('report'), right('size'), left('changed (UTC)')],
    rows,
    style.dim,
  );
}

function runTable(runs: readonly ListedRun[], style: Style): string[] {
  const rows = runs
    .slice(0, MAX_ROWS)
    .map(({ runId, experiments, seed, state, bytes, changedAt: at }) => [
      runId.slice(0, 8),
      shorten(experiments.join(', '), NAME_WIDTH),
      seed === null ? '' : String(seed),
      state === 'evaluated' ? style.good(state) : state,
      bytes === 0 ? '' : formatBytes(bytes),
      at === null ? '' : formatTime(at),
    ]);
  const columns = [
    left('run'),
    left('experiments'),
    right('seed'),
    left('state'),
    right('size'),
    left('changed (UTC)'),
  ];
  return [
    ...formatTable(columns, rows, style.dim),
    ...(runs.length > MAX_ROWS ? [style.dim(`… and ${runs.length - MAX_ROWS} more; --json has all`)] : []),
  ];
}
