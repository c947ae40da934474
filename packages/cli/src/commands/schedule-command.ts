import {
  keys,
  type Plan,
  type PlannedRun,
  type ScheduleRecord,
  type TrainingCompute,
  UserError,
  writeJsonIfAbsent,
} from '@bakeoff/core';
import { requireCompute } from '../aws/choose-compute.ts';
import { findDeployment } from '../aws/deployment.ts';
import { describeEstimate } from '../aws/describe-estimate.ts';
import { estimateCost } from '../aws/estimate-cost.ts';
import { requireReady } from '../aws/require-ready.ts';
import { Schedules } from '../aws/schedules.ts';
import { uploadPlan } from '../aws/upload-plan.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { planManifestFile, type SourceOptions } from '../plans/load-plan.ts';
import { readPrices } from '../plans/read-prices.ts';
import { openStore } from '../plans/open-store.ts';
import { formatTable, left, right } from '../progress/table.ts';
import type { AwsOptions } from './aws-options.ts';

interface ScheduleOptions extends AwsOptions, SourceOptions {
  readonly cron?: string;
  readonly rate?: string;
  readonly timezone: string;
  readonly prices?: string;
  readonly until?: Date;
  readonly compute?: TrainingCompute;
}

/** `bakeoff schedule MANIFEST --cron|--rate`: trains the next seed of every experiment each time. */
export async function scheduleCommand(
  manifest: string | undefined,
  options: ScheduleOptions,
  context: CommandContext,
): Promise<number> {
  if (manifest === undefined)
    throw new UserError({
      what: 'nothing to schedule',
      received: 'no manifest',
      allowed: 'a manifest with --cron or --rate; list; delete NAME',
    });
  const expression = expressionOf(options);
  const prices = await readPrices(options.prices);
  const plan = await planManifestFile(manifest, options, context);
  const deployment = await findDeployment(options.stack);
  requireCompute(deployment, options.compute);
  await requireReady(deployment);
  const store = await openStore(deployment.storeUrl);
  await uploadPlan(store, plan, options.archive);
  // It includes the plan's id: a changed manifest becomes a new schedule, and an unchanged one continues its seeds.
  const scheduleId = `${plan.name.slice(0, 50)}-${plan.planId.slice(0, 8)}`;
  const record: ScheduleRecord = { formatVersion: 1, scheduleId, planId: plan.planId, expression };
  await writeJsonIfAbsent(store, keys.schedule(scheduleId), record);
  await new Schedules(deployment).create({
    scheduleId,
    expression,
    timeZone: options.timezone,
    until: options.until,
    compute: options.compute,
  });
  context.output.write(
    `scheduled ${context.style.bold(scheduleId)}: ${expression}, ${options.timezone}${options.until === undefined ? '' : `, until ${options.until.toISOString()}`}; ${plan.experiments.length} experiments get one more seed each time\n`,
  );
  context.output.write(
    `each time ${describeEstimate(estimateCost(plan, oneSeed(plan), prices, options.compute ?? deployment.computes[0]), { region: deployment.region, nowMs: context.clock.nowMs() }).join('; ')}\n`,
  );
  return ExitCode.done;
}

/** One run of every recipe: what an occurrence trains. */
function oneSeed({ runs }: Plan): readonly PlannedRun[] {
  return [...new Map(runs.map((run) => [run.recipeId, run])).values()];
}

/** `bakeoff schedule list` */
export async function scheduleListCommand({ stack }: AwsOptions, { output, style }: CommandContext): Promise<number> {
  const deployment = await findDeployment(stack);
  const store = await openStore(deployment.storeUrl);
  const schedules = await new Schedules(deployment).list();
  const rows = await Promise.all(
    schedules.map(async ({ scheduleId, expression, timeZone, enabled }) => {
      let occurrences = 0;
      for await (const _ of store.list(keys.scheduleSeeds(scheduleId))) occurrences++;
      return [scheduleId, expression, timeZone, enabled ? 'enabled' : 'disabled', String(occurrences)];
    }),
  );
  if (rows.length === 0) output.write('nothing is scheduled\n');
  else
    for (const line of formatTable(
      [left('schedule'), left('when'), left('time zone'), left('state'), right('times run')],
      rows,
      style.dim,
    ))
      output.write(`${line}\n`);
  return ExitCode.done;
}

/** `bakeoff schedule delete NAME`: what it has trained is kept. */
export async function scheduleDeleteCommand(
  scheduleId: string,
  { stack }: AwsOptions,
  { output }: CommandContext,
): Promise<number> {
  await new Schedules(await findDeployment(stack)).delete(scheduleId);
  output.write(`deleted ${scheduleId}; its runs and reports are kept\n`);
  return ExitCode.done;
}

function expressionOf({ cron, rate }: ScheduleOptions): string {
  if ((cron === undefined) === (rate === undefined)) {
    throw new UserError({
      what: 'a schedule needs either --cron or --rate',
      received: cron === undefined ? 'neither' : 'both',
      allowed: '--rate "7 days", or --cron with six fields: "0 9 ? * MON *"',
    });
  }
  return cron === undefined ? `rate(${rate})` : `cron(${cron})`;
}
