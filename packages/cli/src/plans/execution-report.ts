import {
  executionMessageSchema,
  findPlan,
  keys,
  readJson,
  reportRecordSchema,
  type Store,
  UserError,
} from '@bakeoff/core';

/**
 * The page of the plan that an execution worked on.
 * @throws UserError if the execution has no report, or a newer one of the same manifest has replaced it
 */
export async function readReportPage(store: Store, executionId: string): Promise<Uint8Array> {
  const message = await readJson(store, keys.executionMessage(executionId), executionMessageSchema);
  const announced = message?.page === undefined ? undefined : await store.get(message.page);
  if (announced !== undefined) return announced;
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
