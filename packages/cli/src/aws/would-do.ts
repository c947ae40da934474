import type { Plan, StageContext, TrainingCompute } from '@bakeoff/core';
import { planManifestFile, type SourceOptions } from '../plans/load-plan.ts';
import { readPrices } from '../plans/read-prices.ts';
import { plural } from '../progress/format.ts';
import { describeEstimate } from './describe-estimate.ts';
import { estimateCost } from './estimate-cost.ts';
import { oneSeed, planForAws } from './plan-for-aws.ts';

interface StartOptions extends SourceOptions {
  readonly stack: string;
  readonly prices?: string;
  readonly compute?: TrainingCompute;
}

type Context = Pick<StageContext, 'log' | 'signal' | 'clock'>;

/** "3 runs of quickstart (2 experiments, plan 0f1e2d3c4b5a6978)": all that is known of a manifest without AWS. */
export async function plannedText(manifest: string, options: SourceOptions, context: Context): Promise<string> {
  return textOf(await planManifestFile(manifest, options, quietly(context)));
}

/** What `bakeoff submit` would do, and the most that it would cost. */
export async function wouldSubmit(manifest: string, options: StartOptions, context: Context): Promise<string> {
  const plan = await planForAws(manifest, options, quietly(context));
  return [
    `upload the plan of ${textOf(plan)}${archivesOf(plan, options)} to the bucket of stack ${options.stack}, and start one execution of its state machine for those that are not done yet:`,
    ...(await costLines(plan, plan.runs, options, context)),
  ].join('\n');
}

/** What `bakeoff schedule` would do, and the most that each time would cost. */
export async function wouldSchedule(
  manifest: string | undefined,
  options: StartOptions & { readonly cron?: string; readonly rate?: string },
  context: Context,
): Promise<string> {
  const plan = await planForAws(manifest ?? '', options, quietly(context));
  const when = options.cron === undefined ? `rate(${options.rate})` : `cron(${options.cron})`;
  return [
    `upload the plan of ${textOf(plan)}${archivesOf(plan, options)} to the bucket of stack ${options.stack}, and start an execution of its state machine at each ${when}, with one more seed of ${plural(plan.experiments.length, 'experiment')}; each time:`,
    ...(await costLines(plan, oneSeed(plan), options, context)),
  ].join('\n');
}

async function costLines(
  plan: Plan,
  runs: Plan['runs'],
  { prices, compute }: StartOptions,
  { clock }: Context,
): Promise<string[]> {
  const estimate = estimateCost(plan, runs, await readPrices(prices), compute);
  return describeEstimate(estimate, { nowMs: clock.nowMs() });
}

function textOf({ name, planId, experiments, runs }: Plan): string {
  return `${plural(runs.length, 'run')} of ${name} (${plural(experiments.length, 'experiment')}, plan ${planId})`;
}

/** Archives of --archive that the plan's datasets are made from. */
function archivesOf({ datasets }: Plan, { archive = {} }: SourceOptions): string {
  const paths = [...new Set(datasets.flatMap(({ config }) => archive[config.source] ?? []))];
  return paths.length === 0 ? '' : ` and ${paths.join(', ')}`;
}

/** What planning has to say was said when the command planned. */
function quietly(context: Context): Context {
  return { ...context, log: () => undefined };
}
