import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPlan, keys, readJson, reportRecordSchema, type Store, UserError } from '@bakeoff/core';
import { openStore } from '../plans/open-store.ts';
import { findDeployment } from './deployment.ts';

/**
 * Copies the page of an execution's report to a folder, and returns the path of the copy.
 * @throws UserError if the execution has no report, or a newer one of the same manifest has replaced it
 */
export async function downloadReport(executionId: string, stack: string, folder: string): Promise<string> {
  const { storeUrl } = await findDeployment(stack);
  const page = await readReportPage(await openStore(storeUrl), executionId);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${executionId}.html`);
  await writeFile(path, page);
  return path;
}

/** The page of the plan that an execution worked on. */
export async function readReportPage(store: Store, executionId: string): Promise<Uint8Array> {
  const plan = await findPlan(store, executionId);
  const record = plan && (await readJson(store, keys.latestReportRecord(plan.name), reportRecordSchema));
  const page =
    record !== undefined && record.planId === plan?.planId
      ? await store.get(keys.latestReportPage(plan.name))
      : undefined;
  if (page !== undefined) return page;
  throw new UserError({
    what: `there is no report of execution ${executionId}`,
    received:
      plan === undefined
        ? 'an execution without a plan'
        : record === undefined
          ? `no report of ${plan.name}`
          : `the newest report of ${plan.name} is of another plan, ${record.planId}`,
    fix: `see its state: bakeoff status ${executionId}; or build the report: bakeoff fetch ${executionId}`,
  });
}
