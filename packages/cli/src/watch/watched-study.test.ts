import { evaluationIds, MemoryStore, openStore } from '@bakeoff/core';
import { type S3TestServer, startTestS3 } from '@bakeoff/core/testing';
import type { LiveUpdate } from '@bakeoff/report';
import { small, studySpec, writeFixture } from '@bakeoff/report/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { watchedPlan } from '../plans/watched-plan.ts';
import { quietContext } from '../testing/quiet-context.ts';
import { WatchedStudy } from './watched-study.ts';

let server: S3TestServer;
beforeAll(async () => void (server = await startTestS3()));
afterAll(() => server.close());

it('a study on S3 is found by its name, and followed while another client writes there', async () => {
  const finished = new MemoryStore();
  const spec = studySpec();
  const experiments = spec.experiments.slice(0, 2);
  const sections = spec.sections
    .slice(0, 1)
    .map((section) => ({ ...section, experiments: experiments.map(({ id }) => id) }));
  const plan = await writeFixture(finished, small({ ...spec, experiments, sections }));
  const url = `s3://${server.bucket}/watched`;
  const [writer, store] = [await openStore(url, { s3: server.options }), await openStore(url, { s3: server.options })];
  const late = plan.runs.at(-1)!;
  const lateIds = [late.runId, ...evaluationIds(late)];
  const isLate = (key: string): boolean =>
    /^(comparisons|reports)\//.test(key) || lateIds.some((id) => key.includes(`/${id}/`));
  const write = async (isWanted: (key: string) => boolean): Promise<void> => {
    for await (const { key } of finished.list('')) if (isWanted(key)) await writer.put(key, (await finished.get(key))!);
  };
  await write((key) => !isLate(key));

  const context = { ...quietContext(), store };
  const study = new WatchedStudy(context, await watchedPlan(plan.name, store, { cache: '' }, context));
  const updates: LiveUpdate[] = [];
  await study.refresh();
  const stop = study.subscribe({ update: (update) => updates.push(update), problem: (text) => expect(text).toBe('') });
  expect(study.whole().parts['progress']).toContain('5 of 6 trainings finished, 1 waiting');
  await study.refresh();
  expect(updates).toEqual([]);
  await write(isLate);
  await study.refresh();
  stop();
  expect(updates).toHaveLength(1);
  expect(study.whole().parts['progress']).toContain('6 of 6 trainings finished');
});
