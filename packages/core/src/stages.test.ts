import { describe, expect, it } from 'vitest';
import { jobName, readJobName } from './job-name.ts';
import { jobNames, jobs, type Stage, stageNames, stages } from './stages.ts';

describe('the table of stages', () => {
  it('an incomplete row does not compile', () => {
    const { results, ...rest } = stages.train;
    // @ts-expect-error a stage says where its results are, even where it has none
    const incomplete: Stage = rest;
    expect(incomplete).not.toHaveProperty('results');
    // @ts-expect-error a prefix that no store has
    const misplaced: Stage = { ...stages.train, results: { ...results, prefix: 'trainings/' } };
    expect(misplaced.results?.marker).toBe('run.json');
  });

  it('names, of other stages, only those that come before it, and replaces only those after it', () => {
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

  it('computes on runs alone, whose memory is estimated, and has what works on runs stand together', () => {
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
    }
  });
});

describe('the names of jobs', () => {
  it('say the stage, and the run where it works on one', () => {
    expect(jobNames.map((job) => jobName(job, '0f1e2d3c'))).toEqual([
      'plan',
      'data-prep',
      'train-0f1e2d3c',
      'evaluate-0f1e2d3c',
      'compare',
      'report',
    ]);
    for (const job of jobNames)
      expect(readJobName(jobName(job, '0f1e2d3c'))).toEqual({
        job,
        runId: jobs[job].subject === 'run' ? '0f1e2d3c' : null,
      });
  });

  it('of other jobs say nothing', () => {
    for (const name of ['train', 'planning', 'report-2', 'x-train-1', '']) expect(readJobName(name)).toBeUndefined();
  });
});
