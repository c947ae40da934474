import { plural } from '../progress/format.ts';
import {
  findPlan,
  keys,
  readJson,
  scheduleRecordSchema,
  type Store,
  type ScheduleRecord,
  type TrainingCompute,
  UserError,
  writeJsonIfAbsent,
} from '@bakeoff/core';
import { requireCompute } from '../aws/choose-compute.ts';
import { type Deployment, findDeployment } from '../aws/deployment.ts';
import { describeEstimate } from '../aws/describe-estimate.ts';
import { estimateCost } from '../aws/estimate-cost.ts';
import { readOccurrenceTimes } from '../aws/occurrence-times.ts';
import { oneSeed, planForAws } from '../aws/plan-for-aws.ts';
import { hasNoGpuQuota } from '../aws/quotas.ts';
import { requireReady } from '../aws/require-ready.ts';
import { endAfter, nextOccurrences } from '../aws/schedule-times.ts';
import { type Schedule, Schedules } from '../aws/schedules.ts';
import { uploadPlan } from '../aws/upload-plan.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { placesOf, type SourceOptions } from '../plans/load-plan.ts';
import { readPrices } from '../plans/read-prices.ts';
import { objectUrl } from '../plans/display-url.ts';
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
  readonly times?: number;
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
  const until = options.until ?? endOf(expression, options, context.clock.nowMs());
  const prices = await readPrices(options.prices);
  const plan = await planForAws(manifest, options, context);
  const deployment = await findDeployment(options.stack);
  requireCompute(deployment, options.compute);
  await warnOfNoQuota(deployment, options.compute ?? deployment.computes[0], context);
  await requireReady(deployment);
  const store = await openStore(deployment.storeUrl);
  await uploadPlan(store, plan, placesOf(options, manifest));
  // It includes the plan's id: a changed manifest becomes a new schedule, and an unchanged one continues its seeds.
  const scheduleId = `${plan.name.slice(0, 50)}-${plan.planId.slice(0, 8)}`;
  const record: ScheduleRecord = { formatVersion: 1, scheduleId, planId: plan.planId, expression };
  await writeJsonIfAbsent(store, keys.schedule(scheduleId), record);
  await new Schedules(deployment).create({
    scheduleId,
    expression,
    timeZone: options.timezone,
    until,
    compute: options.compute,
  });
  context.output.write(
    `scheduled ${context.style.bold(scheduleId)}: ${expression}, ${options.timezone}${until === undefined ? '' : `, until ${until.toISOString()}`}; ${plural(plan.experiments.length, 'experiment')} ${plan.experiments.length === 1 ? 'gets' : 'get'} one more seed each time\n`,
  );
  context.output.write(
    `each time ${describeEstimate(estimateCost(plan, oneSeed(plan), prices, options.compute ?? deployment.computes[0]), { region: deployment.region, nowMs: context.clock.nowMs() }).join('; ')}\n`,
  );
  return ExitCode.done;
}

/** A schedule may wait for a quota, so that this only warns where submit asks. */
async function warnOfNoQuota(
  { region }: Deployment,
  compute: TrainingCompute | undefined,
  { log }: CommandContext,
): Promise<void> {
  if (compute !== 'gpu' || !(await hasNoGpuQuota())) return;
  log({
    type: 'warning',
    text: `no training can start before this account’s quota for GPU instances in ${region} is above 0; --compute cpu needs none`,
  });
}

/** `bakeoff schedule list` */
export async function scheduleListCommand(
  { stack }: AwsOptions,
  { output, style, clock }: CommandContext,
): Promise<number> {
  const deployment = await findDeployment(stack);
  const store = await openStore(deployment.storeUrl);
  const schedules = await new Schedules(deployment).list();
  const rows = await Promise.all(
    schedules.map(async (schedule) => {
      const { scheduleId, expression, timeZone, enabled } = schedule;
      const ran = await readOccurrenceTimes(store, scheduleId);
      return [
        scheduleId,
        expression,
        timeZone,
        enabled ? 'enabled' : 'disabled',
        String(ran.length),
        timeText(ran.at(-1)),
        enabled ? timeText(nextTime(schedule, clock.nowMs())) : '',
        await reportOf(store, scheduleId),
      ];
    }),
  );
  if (rows.length === 0) output.write('nothing is scheduled\n');
  else
    for (const line of formatTable(
      [
        left('schedule'),
        left('when'),
        left('time zone'),
        left('state'),
        right('times run'),
        left('last (UTC)'),
        left('next (UTC)'),
        left('newest report'),
      ],
      rows,
      style.dim,
    ))
      output.write(`${line}\n`);
  return ExitCode.done;
}

function nextTime({ expression, timeZone, createdAt, until }: Schedule, nowMs: number): number | undefined {
  const times = { expression, timeZone, startMs: createdAt?.getTime() ?? nowMs, endMs: until?.getTime() };
  return nextOccurrences(times, nowMs, 1)[0];
}

function timeText(ms: number | undefined): string {
  return ms === undefined ? '' : new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

/** Where the newest report under the manifest's name is; '' before the first. */
async function reportOf(store: Store, scheduleId: string): Promise<string> {
  const schedule = await readJson(store, keys.schedule(scheduleId), scheduleRecordSchema);
  const plan = schedule && (await findPlan(store, schedule.planId));
  if (plan === undefined) return '';
  const hasReport = (await store.getRange(keys.latestReportRecord(plan.name), 0, 1)) !== undefined;
  return hasReport ? objectUrl(store.url, keys.latestReportPage(plan.name)) : '';
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

/** @throws UserError if the occurrences cannot be counted in advance. */
function endOf(expression: string, { times, timezone }: ScheduleOptions, nowMs: number): Date | undefined {
  if (times === undefined) return undefined;
  const end = endAfter({ expression, timeZone: timezone, startMs: nowMs }, times);
  if (end !== undefined) return end;
  throw new UserError({
    what: `this schedule does not have ${times} times that can be counted in advance`,
    received: `${expression}, ${timezone}, --times ${times}`,
    allowed: '--rate "7 days", or --cron with six fields: "0 9 ? * MON *"',
    fix: 'correct the expression, or name the last day with --until',
  });
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
