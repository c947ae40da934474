import {
  evaluationId,
  type EvaluationRecord,
  evaluationRecordSchema,
  keys,
  MemoryStore,
  readJson,
  writeJson,
} from '@bakeoff/core';
import { studySpec, writeFixture } from '@bakeoff/report/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { findSubject } from './find-subject.ts';
import { pairVerdict } from './pair-verdict.ts';
import { readContents } from './store-contents.ts';

const { signal } = new AbortController();
let store: MemoryStore;

beforeAll(async () => {
  store = new MemoryStore();
  await writeFixture(store, { ...studySpec(), testImages: 300, stepsPerEpoch: 10 });
});

async function verdict(a: string, b: string) {
  const contents = await readContents(store);
  const pair = [a, b].map((name) => ({ ...findSubject(name, contents), label: name, rows: [] }));
  return pairVerdict([pair[0]!, pair[1]!], contents, { signal });
}

describe('the verdict on a pair', () => {
  it('is the report’s if a section of it compares the two, whichever comes first', async () => {
    const { plans } = await readContents(store);
    const [section] = plans[0]!.plan.report.sections;
    const [a, b] = section!.experiments as [string, string];
    const forward = await verdict(a, b);
    const backward = await verdict(b, a);
    expect(forward.text).toMatch(/^In the report of /);
    expect(backward.text).toBe(forward.text);
    expect([forward.verdict, backward.verdict]).toEqual(
      expect.arrayContaining(
        forward.verdict === 'better' || forward.verdict === 'worse' ? ['better', 'worse'] : [forward.verdict],
      ),
    );
  });

  it('of two trainings is that of the exact test on them alone', async () => {
    const { plans } = await readContents(store);
    const [first, second] = plans[0]!.plan.runs.map(({ runId }) => runId);
    const { text } = await verdict(first!, second!);
    expect(text).toMatch(/^Checkpoints, [^]*exact McNemar test/);
    expect(text).not.toContain('after Holm');
  });

  it('is none if they were tested on different images', async () => {
    const { plans } = await readContents(store);
    const [first, second] = plans[0]!.plan.runs.map(({ runId }) => runId);
    const key = keys.evaluationRecord(evaluationId(second!));
    const record = (await readJson(store, key, evaluationRecordSchema))!;
    const other: EvaluationRecord = { ...record, testSetSha256: 'other' };
    await writeJson(store, key, other);
    expect(await verdict(first!, second!)).toEqual({
      verdict: null,
      text: expect.stringContaining('different images') as string,
    });
    await writeJson(store, key, record);
  });

  it('is of names that exist', async () => {
    await expect(verdict('nothing-like-it', 'x')).rejects.toThrow(/no experiment or run is called nothing-like-it/);
  });
});
