import * as z from 'zod';
import { keys } from '../keys.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { highestSeed } from '../plan/extend-plan.ts';
import { readJson, writeJsonIfAbsent } from '../records/json-records.ts';
import type { Plan } from '../records/plan-records.ts';
import type { Immutable } from '../types/immutable.ts';
import type { Store } from '../types/store.ts';
import { UserError } from '../user-error.ts';

export const scheduleRecordSchema = z.object({
  formatVersion: z.literal(1),
  scheduleId: z.string(),
  /** The plan of the manifest as it was when the schedule was created. */
  planId: z.string(),
  /** EventBridge Scheduler's expression. */
  expression: z.string(),
});

/** `schedules/<scheduleId>/schedule.json` */
export type ScheduleRecord = Immutable<z.output<typeof scheduleRecordSchema>>;

export const occurrenceRecordSchema = z.object({
  formatVersion: z.literal(1),
  scheduleId: z.string(),
  scheduledTime: z.string(),
  /** Counted from 1 over the schedule's life. */
  occurrence: z.int().min(1),
  seed: z.int().min(0),
});

/**
 * `schedules/<scheduleId>/<ISO time>.json`: the seed that one occurrence trains. Written once; a retry of the
 * occurrence reads it.
 */
export type OccurrenceRecord = Immutable<z.output<typeof occurrenceRecordSchema>>;

/** `schedules/<scheduleId>/seeds/<occurrence>.json`: which occurrence owns this seed. */
const seedClaimSchema = z.object({ formatVersion: z.literal(1), scheduledTime: z.string() });

const READS_AT_ONCE = 32;

/**
 * Reserves the next seed for an occurrence. Calls for the same time get the same seed, whether they run one after
 * another or at once. Calls for different times get different seeds.
 */
export async function reserveOccurrence(
  store: Store,
  { scheduleId, planId }: ScheduleRecord,
  plan: Plan,
  scheduledTime: string,
): Promise<OccurrenceRecord> {
  if (plan.planId !== planId)
    throw new RangeError(`schedule ${scheduleId} belongs to plan ${planId}, not ${plan.planId}`);
  checkTime(scheduledTime);
  const key = keys.scheduleOccurrence(scheduleId, scheduledTime);
  const reserved = await readJson(store, key, occurrenceRecordSchema);
  if (reserved !== undefined) return reserved;
  const occurrence = await claimOccurrence(store, scheduleId, scheduledTime);
  const record: OccurrenceRecord = {
    formatVersion: 1,
    scheduleId,
    scheduledTime,
    occurrence,
    seed: highestSeed(plan) + occurrence,
  };
  // All attempts would write the same content, because the claim decides the seed.
  await writeJsonIfAbsent(store, key, record);
  return record;
}

/**
 * Takes the lowest free number, or the one that this time has already taken, if an earlier attempt ended between claim
 * and reservation.
 */
async function claimOccurrence(store: Store, scheduleId: string, scheduledTime: string): Promise<number> {
  const taken: string[] = [];
  for await (const { key } of store.list(keys.scheduleSeeds(scheduleId))) taken.push(key);
  const claims = await mapConcurrently(taken, READS_AT_ONCE, (key) => readJson(store, key, seedClaimSchema));
  const own = claims.findIndex((claim) => claim?.scheduledTime === scheduledTime);
  if (own >= 0) return own + 1;
  for (let occurrence = taken.length + 1; ; occurrence++) {
    const key = keys.scheduleSeed(scheduleId, occurrence);
    const claim: z.output<typeof seedClaimSchema> = { formatVersion: 1, scheduledTime };
    if (await writeJsonIfAbsent(store, key, claim)) return occurrence;
    // Lost to another occurrence, or to another attempt at this one.
    if ((await readJson(store, key, seedClaimSchema))?.scheduledTime === scheduledTime) return occurrence;
  }
}

function checkTime(scheduledTime: string): void {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(scheduledTime)) return;
  throw new UserError({
    what: 'an occurrence of a schedule is named by its time',
    received: scheduledTime,
    allowed: 'UTC as in 2026-01-31T12:00:00Z',
  });
}
