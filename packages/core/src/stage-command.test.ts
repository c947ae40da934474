import { describe, expect, it } from 'vitest';
import { stageCommand } from './stage-command.ts';

describe('stageCommand', () => {
  it('names what each stage works on', () => {
    expect(stageCommand('train', { planId: 'p', runId: 'r', store: './out' })).toEqual([
      'train',
      '--plan',
      'p',
      '--run',
      'r',
      '--store',
      './out',
    ]);
    expect(stageCommand('data-prep', { planId: 'p', datasetId: 'd', store: './out' })).toEqual([
      'data-prep',
      '--plan',
      'p',
      '--dataset',
      'd',
      '--store',
      './out',
    ]);
    expect(stageCommand('compare', { planId: 'p', store: 's3://b/x' })).toEqual([
      'compare',
      '--plan',
      'p',
      '--store',
      's3://b/x',
    ]);
  });

  it('refuses a training without its run', () => {
    expect(() => stageCommand('train', { planId: 'p', store: './out' })).toThrow('stage train needs the run');
  });
});
