import { encodeRecord, keys } from '@bakeoff/core';
import { expect, it } from 'vitest';
import { rankedCosts } from '../verdicts/ranked-costs.ts';
import { studySpec } from '../testing/fixture-plan.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';
import { readFirstLines } from './first-lines.ts';

it('says what the page says first: verdict, ranking with deviations over seeds, standings and costs', async () => {
  const { store, plan, data, measurements } = await fixtureReport(small(studySpec()));
  await store.put(keys.latestReportRecord(plan.name), encodeRecord(data));
  const costs = new Map(data.runs.map(({ runId }, i) => [runId, measurements.runs[i]!]));
  const costOf = (runId: string) => ({
    seconds: costs.get(runId)?.wallSeconds ?? null,
    dollars: costs.get(runId)?.dollars ?? null,
  });
  const [first, ...others] = (await readFirstLines(store, plan, costOf))!;
  const [ranking] = data.rankings;
  expect(others).toHaveLength(data.rankings.length - 1);
  expect(first!.verdict).toBe(ranking!.verdict);
  expect(first!.rows.map(({ standing, estimate, interval }) => ({ standing, estimate, interval }))).toEqual(
    ranking!.rows.map(({ standing, estimate, interval }) => ({ standing, estimate, interval })),
  );
  expect(first!.rows.map(({ deviation }) => deviation)).toEqual(
    ranking!.rows.map(({ experiment }) => data.experiments[experiment]!.test!.standardDeviation),
  );
  expect(first!.rows.some(({ deviation }) => deviation !== null)).toBe(true);
  expect(first!.rows.map(({ secondsPerTraining }) => secondsPerTraining)).toEqual(
    ranking!.rows.map((row) => rankedCosts(data, measurements, row).secondsPerTraining),
  );
  expect(first!.rows[0]!.mark).toBe('★');
  expect(await readFirstLines(store, { ...plan, planId: 'another' }, costOf)).toBeUndefined();
});
