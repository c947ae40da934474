import { describe, expect, it } from 'vitest';
import { jobName, readJobName } from './job-name.ts';
import { jobNames, jobs, type Stage, stageNames, stages } from './stages.ts';

describe('the table of stages', () => {
  it('an incomplete row does not compile', () => {
    const { results, ...rest } = stages.train;
    // @ts-expect-error a stage must say where its results are, even if it has none
    const incomplete: Stage = rest;
    expect(incomplete).not.toHaveProperty('results');
    // @ts-expect-error not a prefix of the store
    const misplaced: Stage = { ...stages.train, results: { ...results, prefix: 'trainings/' } };
    expect(misplaced.results?.marker).toBe('run.json');
  });

  it('depends only on stages before it, and replaces only results of stages after it', () => {
    for (const [position, name] of stageNames.entries()) {
      const { requires, follows, replaces } = stages[name];
      for (const other of [...requires, ...follows]) expect(stageNames.indexOf(other)).toBeLessThan(position);
      for (const other of replaces) expect(stageNames.indexOf(other)).toBeGreaterThan(position);
    }
  });

  it('keeps results only where the stage writes', () => {
    for (const { results, store } of Object.values(stages))
      if (results !== null) expect(store.writes).toContain(results.prefix);
  });

  it('computes only on runs, whose memory is estimated, and keeps the stages that work on runs together', () => {
    for (const { compute, memoryMib, subject } of Object.values(stages)) {
      expect(memoryMib === null).toBe(compute !== null);
      if (compute !== null) expect(subject).toBe('run');
    }
    expect(jobNames.map((job) => jobs[job].subject).join(' ')).toMatch(/^(?!run).*?( run)+(?!.* run)/);
  });

  it('gives every job that uses a GPU the longer time limit, and an engine', () => {
    for (const { batch } of Object.values(jobs)) {
      expect(batch.timeLimit).toBe(batch.gpus > 0 ? 'training' : 'stage');
      expect(batch.engine !== null).toBe(batch.gpus > 0);
      expect(batch.withoutGpu !== undefined).toBe(batch.gpus > 0);
    }
  });
});

describe('the names of jobs', () => {
  it('name the stage, and the run or the execution that it works on', () => {
    expect(jobNames.map((job) => jobName(job, '0f1e2d3c'))).toEqual([
      'plan-0f1e2d3c',
      'data-prep-0f1e2d3c',
      'train-0f1e2d3c',
      'evaluate-0f1e2d3c',
      'compare-0f1e2d3c',
      'report-0f1e2d3c',
    ]);
    for (const job of jobNames)
      expect(readJobName(jobName(job, '0f1e2d3c'))).toEqual({
        job,
        runId: jobs[job].subject === 'run' ? '0f1e2d3c' : null,
      });
  });

  it('of a whole execution’s jobs were their stages', () => {
    expect(readJobName('report')).toEqual({ job: 'report', runId: null });
  });

  it('of other jobs are not read', () => {
    for (const name of ['train', 'planning', 'reports-2', 'x-train-1', '']) expect(readJobName(name)).toBeUndefined();
  });
});
