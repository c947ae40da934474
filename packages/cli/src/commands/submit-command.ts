import { findPendingRuns, type Plan } from '@bakeoff/core';
import { confirm } from '../aws/confirm.ts';
import { type Deployment, findDeployment } from '../aws/deployment.ts';
import { describeEstimate } from '../aws/describe-estimate.ts';
import { requireBudget } from '../aws/require-budget.ts';
import { estimateCost } from '../aws/estimate-cost.ts';
import { createExecutionId, Executions } from '../aws/executions.ts';
import { readPrices } from '../plans/read-prices.ts';
import { requireReady } from '../aws/require-ready.ts';
import { executionExitCode, waitForExecution } from '../aws/wait-for-execution.ts';
import { uploadPlan } from '../aws/upload-plan.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from '@bakeoff/core/exit-code';
import { planManifestFile, type SourceOptions } from '../plans/load-plan.ts';
import { openStore } from '../plans/open-store.ts';
import { readPlanState } from '../plans/plan-state.ts';
import type { AwsOptions } from './aws-options.ts';
import { planLines } from './plan-command.ts';

interface SubmitOptions extends AwsOptions, SourceOptions {
  readonly prices?: string;
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
  const plan = await planManifestFile(manifest, options, context);
  const deployment = await findDeployment(options.stack);
  await requireReady(deployment);
  const store = await openStore(deployment.storeUrl);
  const pending = await findPendingRuns(store, plan.runs);
  const estimate = estimateCost(plan, pending, prices);
  const dollars = estimate.spotDollars + estimate.fargateDollars;
  const line = (text: string): void => void (options.json === true || output.write(`${text}\n`));

  if (plan.runs.length <= LISTED_RUNS)
    for (const text of planLines(plan, await readPlanState(store, plan), context)) line(text);
  else
    line(
      `${plan.name}  plan ${plan.planId} · ${plan.experiments.length} experiments · ${plan.runs.length} runs, ${pending.length} to do`,
    );
  line('');
  for (const text of describeEstimate(estimate, { region: deployment.region, nowMs: context.clock.nowMs() }))
    line(text);
  requireBudget(estimate, options.maxDollars);
  if (
    options.yes !== true &&
    dollars > options.askAbove &&
    !(await confirm(
      `Start ${pending.length} trainings on ${deployment.stackName} in ${deployment.region}?`,
      context.messages,
      context.signal,
    ))
  ) {
    line('nothing was started');
    return ExitCode.done;
  }
  await uploadPlan(store, plan, options.archive);
  const executionId = await start(plan, deployment, context);
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
    `${execution.status.toLowerCase().replace('_', ' ')}: ${plan.runs.length - left} of ${plan.runs.length} runs have a result\n  bakeoff open ${executionId}`,
  );
  return executionExitCode(execution, left);
}

async function start(plan: Plan, deployment: Deployment, { clock }: CommandContext): Promise<string> {
  const executionId = createExecutionId(plan.name, clock);
  await new Executions(deployment).start(executionId, `plans/${plan.planId}`);
  return executionId;
}
