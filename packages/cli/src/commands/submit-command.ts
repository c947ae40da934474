import { plural } from '../progress/format.ts';
import { findPendingRuns, type Plan, type TrainingCompute } from '@bakeoff/core';
import { chooseCompute } from '../aws/choose-compute.ts';
import { confirm } from '../aws/confirm.ts';
import { type Deployment, findDeployment } from '../aws/deployment.ts';
import { describeEstimate } from '../aws/describe-estimate.ts';
import { planForAws } from '../aws/plan-for-aws.ts';
import { requireBudget } from '../aws/require-budget.ts';
import { type CostEstimate, estimateCost } from '../aws/estimate-cost.ts';
import { createExecutionId, Executions } from '../aws/executions.ts';
import { readPrices } from '../plans/read-prices.ts';
import { requireReady } from '../aws/require-ready.ts';
import { executionExitCode, waitForExecution } from '../aws/wait-for-execution.ts';
import { uploadPlan } from '../aws/upload-plan.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { placesOf, type SourceOptions } from '../plans/load-plan.ts';
import { rememberStore } from '../plans/known-stores.ts';
import { openStore } from '../plans/open-store.ts';
import { readPlanState } from '../plans/plan-state.ts';
import type { AwsOptions } from './aws-options.ts';
import { planLines } from './plan-command.ts';

interface SubmitOptions extends AwsOptions, SourceOptions {
  readonly prices?: string;
  readonly compute?: TrainingCompute;
  readonly yes?: boolean;
  /** Dollars. */
  readonly askAbove: number;
  /** Refused above this. */
  readonly maxDollars?: number;
  readonly json?: boolean;
  readonly wait?: boolean;
}

/** Above this number, runs are not listed one by one. */
const LISTED_RUNS = 60;

/** `bakeoff submit MANIFEST`: plans, shows the estimated cost, and starts an execution on AWS. */
export async function submitCommand(
  manifest: string,
  options: SubmitOptions,
  context: CommandContext,
): Promise<number> {
  const { output } = context;
  const prices = await readPrices(options.prices);
  const plan = await planForAws(manifest, options, context);
  const deployment = await findDeployment(options.stack);
  await requireReady(deployment);
  const store = await openStore(deployment.storeUrl);
  const pending = await findPendingRuns(store, plan.runs);
  const line = (text: string): void => void (options.json === true || output.write(`${text}\n`));

  if (plan.runs.length <= LISTED_RUNS)
    for (const text of planLines(plan, await readPlanState(store, plan), context)) line(text);
  else
    line(
      `${plan.name}  plan ${plan.planId} · ${plural(plan.experiments.length, 'experiment')} · ${plural(plan.runs.length, 'run')}, ${pending.length} to do`,
    );
  line('');
  const compute =
    pending.length === 0
      ? options.compute
      : await chooseCompute(
          deployment,
          {
            requested: options.compute,
            isSilent: options.yes === true,
            estimate: (kind) => estimateCost(plan, pending, prices, kind),
          },
          context,
        );
  if (compute === undefined && pending.length > 0) {
    line('nothing was started');
    return ExitCode.done;
  }
  const estimate = estimateCost(plan, pending, prices, compute ?? deployment.computes[0]);
  const dollars = estimate.spotDollars + estimate.fargateDollars;
  for (const text of describeEstimate(estimate, { region: deployment.region, nowMs: context.clock.nowMs() }))
    line(text);
  requireBudget(estimate, options.maxDollars);
  warnOfTimeLimit(estimate, deployment, context);
  if (
    options.yes !== true &&
    dollars > options.askAbove &&
    !(await confirm(`Start ${pending.length} trainings on ${deployment.stackName} in ${deployment.region}?`, {
      ...context,
      fix: 'add --yes, or raise the limit with --ask-above DOLLARS',
    }))
  ) {
    line('nothing was started');
    return ExitCode.done;
  }
  await uploadPlan(store, plan, placesOf(options, manifest));
  const executionId = await start(plan, deployment, compute, context);
  await rememberStore(deployment.storeUrl);
  if (options.json === true)
    output.write(
      `${JSON.stringify({ executionId, planId: plan.planId, runs: plan.runs.length, pendingRuns: pending.length, estimate })}\n`,
    );
  line(`started ${context.style.bold(executionId)}\n  bakeoff status ${executionId}\n  bakeoff fetch ${executionId}`);
  return options.wait === true ? waitForEnd(executionId, plan, deployment, line, context) : ExitCode.done;
}

/** Waits for the end, says how many runs have a result, and returns the exit code. */
async function waitForEnd(
  executionId: string,
  plan: Plan,
  deployment: Deployment,
  line: (text: string) => void,
  { signal }: CommandContext,
): Promise<number> {
  const execution = await waitForExecution(new Executions(deployment), executionId, { signal });
  const left = (await findPendingRuns(await openStore(deployment.storeUrl), plan.runs)).length;
  line(
    `${execution.status.toLowerCase().replace('_', ' ')}: ${plan.runs.length - left} of ${plural(plan.runs.length, 'run')} ${plan.runs.length - left === 1 ? 'has' : 'have'} a result\n  bakeoff open ${executionId}`,
  );
  return executionExitCode(execution, left);
}

/** An attempt that exceeds its time limit ends, and is not repeated. */
function warnOfTimeLimit(
  { longestHours }: CostEstimate,
  { trainTimeoutHours }: Deployment,
  { log }: CommandContext,
): void {
  if (trainTimeoutHours === undefined || longestHours <= trainTimeoutHours) return;
  log({
    type: 'warning',
    text:
      `the longest training may take ${longestHours.toFixed(0)} hours, and this deployment ends an attempt after ` +
      `${trainTimeoutHours}; if so, raise bakeoff.trainTimeoutHours: bakeoff deploy --set trainTimeoutHours=${Math.ceil(longestHours)}`,
  });
}

async function start(
  plan: Plan,
  deployment: Deployment,
  compute: TrainingCompute | undefined,
  { clock }: CommandContext,
): Promise<string> {
  const executionId = createExecutionId(plan.name, clock);
  await new Executions(deployment).start(executionId, `plans/${plan.planId}`, compute);
  return executionId;
}
