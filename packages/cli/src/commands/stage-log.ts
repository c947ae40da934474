import {
  type DatasetIndex,
  datasetIndexSchema,
  describeFinding,
  keys,
  mapConcurrently,
  type Plan,
  readComparison,
  readJson,
  UserError,
  type WholeJobName,
} from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { displayUrl, objectUrl } from '../plans/display-url.ts';
import { comparisonOf, modifiedMsOf, type StoreContents } from '../plans/store-contents.ts';
import { formatCount, formatTime, plural } from '../progress/format.ts';
import type { CommandContext } from './command-context.ts';

/** Something that a stage has written, or has yet to write. */
interface Written {
  /** What its record says. */
  readonly text: string;
  /** Its marker. */
  readonly key: string;
  readonly warnings?: readonly string[];
}

/** What the records of a plan say of each stage. */
const records: { readonly [Stage in WholeJobName]: (plan: Plan, contents: StoreContents) => Promise<Written[]> } = {
  plan: async ({ planId, experiments, runs, warnings }) => [
    {
      text: `plan ${planId}: ${plural(experiments.length, 'experiment')}, ${plural(runs.length, 'run')}`,
      key: keys.plan(planId),
      warnings,
    },
  ],
  'data-prep': ({ datasets }, { store }) =>
    mapConcurrently(datasets, 4, async ({ datasetId, config }) => {
      const key = keys.datasetIndex(datasetId);
      const index = await readJson(store, key, datasetIndexSchema);
      const counts = index === undefined ? '' : `: ${countsText(index)}`;
      const text = `dataset ${datasetId.slice(0, 8)} of ${config.source}${counts}`;
      return { text, key, warnings: index?.findings.map(describeFinding) };
    }),
  compare: async (plan, contents) => {
    const id = comparisonOf(contents, plan);
    const record = await readComparison(contents.store, id);
    return [{ text: 'comparison', key: keys.comparison(id), warnings: record?.warnings }];
  },
  report: async ({ name }, { store }) => [
    { text: `report ${objectUrl(store.url, keys.latestReportPage(name))}`, key: keys.latestReportRecord(name) },
  ],
};

/** `bakeoff logs STAGE` in a store: what a stage has recorded of the newest plan, and what it found to warn of. */
export async function stageLog(
  stage: WholeJobName,
  contents: StoreContents,
  { output, style }: CommandContext,
): Promise<number> {
  const plan = contents.plans[0]?.plan;
  if (plan === undefined)
    throw new UserError({
      what: `there is no plan in ${displayUrl(contents.store.url)}`,
      received: stage,
      fix: 'name another store with --out or --store, or ask a deployment with --stack',
    });
  output.write(`${style.bold(`${plan.name}, ${stage}`)}\n`);
  for (const { text, key, warnings = [] } of await records[stage](plan, contents)) {
    const ms = modifiedMsOf(contents, key);
    const when = ms === undefined ? 'not done yet' : `${formatTime(new Date(ms).toISOString())} UTC`;
    output.write(`  ${when} · ${text}\n`);
    for (const warning of warnings) output.write(`  ⚠ ${warning}\n`);
  }
  return ExitCode.done;
}

function countsText({ splits: { train, validation, test } }: DatasetIndex): string {
  return `${formatCount(train.count)} training, ${formatCount(validation.count)} validation, ${plural(test.count, 'test image')}`;
}
