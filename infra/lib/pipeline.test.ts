import aslValidator from 'asl-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployedTemplate } from './testing/deployed-stack.ts';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Retry?: unknown;
  readonly ResultPath?: string | null;
  readonly Parameters?: Record<string, unknown>;
  readonly Resource?: string;
  readonly QueryLanguage?: string;
  readonly TimeoutSeconds?: number;
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly ItemProcessor?: { readonly StartAt: string; readonly States: Record<string, State> };
}

let definition: { readonly StartAt: string; readonly QueryLanguage?: string; readonly States: Record<string, State> };

beforeAll(() => {
  const [machine] = Object.values(deployedTemplate().findResources('AWS::StepFunctions::StateMachine')) as {
    Properties: { DefinitionString: { 'Fn::Join': [string, unknown[]] } };
  }[];
  const parts = machine?.Properties.DefinitionString['Fn::Join'][1] ?? [];
  definition = JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'aws')).join('')) as typeof definition;
}, 120_000);

/** The states of one run. */
function runs(): Record<string, State> {
  return definition.States['Runs']?.ItemProcessor?.States ?? {};
}

describe('the state machine', () => {
  it('is valid Amazon States Language, in JSONPath', () => {
    const { isValid, errorsText } = aslValidator(definition);
    expect(errorsText()).toBe('');
    expect(isValid).toBe(true);
    expect(definition.QueryLanguage ?? 'JSONPath').toBe('JSONPath');
  });

  it('goes through plan, data-prep, runs, compare, report, and a notification with the report’s location', () => {
    const path = [definition.StartAt];
    for (
      let next = definition.States[definition.StartAt]?.Next;
      next !== undefined;
      next = definition.States[next]?.Next
    )
      path.push(next);
    expect(path).toEqual(['Plan', 'Data-prep', 'Runs', 'Compare', 'Report', 'Read the message', 'Succeeded']);
  });

  it('retries nothing itself, because the job definitions do', () => {
    const states = [
      ...Object.values(definition.States),
      ...Object.values(definition.States.Runs?.ItemProcessor?.States ?? {}),
    ];
    expect(states.filter((state) => state.Retry !== undefined)).toEqual([]);
  });

  it('records a failed run and continues', () => {
    expect(runs()['Evaluate']?.Catch?.at(-1)).toMatchObject({ Next: 'Record the failure' });
    expect(runs()['Record the failure']).toMatchObject({ End: true });
    expect(definition.States['Runs']).toMatchObject({ ToleratedFailurePercentage: 100 });
  });

  it('limits the time of every job, waiting included, and ends a job that exceeds it', () => {
    const submitting = Object.entries({ ...definition.States, ...runs() }).filter(
      ([, { Resource }]) => Resource?.endsWith('batch:submitJob.sync') === true,
    );
    const hours = Object.fromEntries(submitting.map(([name, { TimeoutSeconds = 0 }]) => [name, TimeoutSeconds / 3600]));
    const stage = 10 * 1 + 24;
    const training = 10 * 24 + 24;
    expect(hours).toEqual({
      Plan: stage,
      'Data-prep': stage,
      Train: training,
      'Train on demand': training,
      'Train on CPU': training,
      'Train on CPU on demand': training,
      Evaluate: stage,
      Compare: stage,
      Report: stage,
    });
    for (const [name, { Catch, Parameters }] of submitting) {
      const states = { ...definition.States, ...runs() };
      expect(Catch?.[0]).toMatchObject({ ErrorEquals: ['States.Timeout'], Next: `${name} took too long` });
      expect(states[`${name} took too long`]?.Parameters).toMatchObject({
        JobQueue: Parameters?.['JobQueue'],
        Filters: [{ Name: 'JOB_NAME', 'Values.$': `States.Array(${Parameters?.['JobName.$'] as string})` }],
      });
      const each = states[`${name} took too long: each`];
      expect(each?.ItemProcessor?.States[`${name} took too long: end`]?.Resource).toMatch(/batch:terminateJob$/);
    }
  });

  it('asks Spot first, and goes on demand for an hour after Spot had no capacity', () => {
    const states = runs();
    const following = (name: string) => states[name]?.Next;
    expect(definition.States['Runs']?.ItemProcessor?.StartAt).toBe('On which compute?');
    expect(states['On which compute?']).toMatchObject({
      Choices: [{ Next: 'Has Fargate Spot had capacity?' }],
      Default: 'Has Spot had capacity?',
    });
    expect(states['Has Spot had capacity?']).toMatchObject({ Catch: [{ Next: 'Train' }], Next: 'Is that over?' });
    expect(states['Is that over?']).toMatchObject({
      Choices: [
        {
          Variable: '$.onDemand.record.until',
          TimestampGreaterThanPath: '$.onDemand.now',
          Next: 'Train on demand',
        },
      ],
      Default: 'Train',
    });
    expect(states['Train']?.Catch?.at(-1)).toMatchObject({ Next: 'Was it capacity?' });
    expect(states['Was it capacity?']).toMatchObject({
      Choices: [{ Next: 'Remember that Spot has none' }],
      Default: 'Record the failure',
    });
    expect(states['Remember that Spot has none']).toMatchObject({
      QueryLanguage: 'JSONata',
      Arguments: {
        Key: "{% 'executions/' & $states.input.planId & '/on-demand.json' %}",
        Body: { until: expect.stringContaining('+ 3600000') as string },
      },
      Next: 'Leave Spot',
    });
    // Batch ends only the first job of a queue by itself.
    expect(states['Leave Spot']?.Parameters).toMatchObject({ JobStatus: 'RUNNABLE' });
    const end = states['Leave Spot: each']?.ItemProcessor?.States['Leave Spot: end'];
    expect(end?.Resource).toMatch(/batch:cancelJob$/);
    expect(end?.Parameters?.['Reason']).toContain('CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY');
    expect(following('Leave Spot: each')).toBe('Train on demand');
    expect(states['Train on demand']?.Catch?.at(-1)).toMatchObject({ Next: 'Record the failure' });
  });

  it('asks Fargate Spot first in the same way, if an execution trains on CPUs', () => {
    const states = runs();
    expect(states['Has Fargate Spot had capacity?']).toMatchObject({ Catch: [{ Next: 'Train on CPU' }] });
    expect(states['Train on CPU']).toMatchObject({
      Parameters: { ContainerOverrides: { Environment: [{ Name: 'BAKEOFF_PURCHASE', Value: 'spot' }] } },
      Next: 'Evaluate',
    });
    expect(states['Train on CPU']?.Catch?.at(-1)).toMatchObject({ Next: 'Was it Fargate Spot’s capacity?' });
    expect(states['Leave Fargate Spot: each']?.Next).toBe('Train on CPU on demand');
    expect(states['Train on CPU on demand']).toMatchObject({
      Parameters: { ContainerOverrides: { Environment: [{ Name: 'BAKEOFF_PURCHASE', Value: 'on-demand' }] } },
      Next: 'Evaluate',
    });
  });

  it('publishes the subject and text that the report stage has written', () => {
    expect(definition.States['Succeeded']?.Parameters).toMatchObject({
      'Subject.$': '$.message.subject',
      'Message.$': '$.message.text',
    });
  });

  it('carries nothing that grows with the number of runs', () => {
    // Items come from the bucket, results go there, and no state keeps a job's output.
    expect(definition.States.Runs).toMatchObject({
      ItemReader: { Resource: 'arn:aws:states:::s3:getObject' },
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject' },
      ResultPath: null,
    });
    const growing = Object.entries({ ...definition.States, ...runs() }).filter(
      ([, { Type, ResultPath, QueryLanguage }]) =>
        Type === 'Task' && ResultPath !== null && QueryLanguage !== 'JSONata',
    );
    // A message of 8 KiB, a timestamp, and at most a hundred ids of jobs.
    expect(growing.map(([name]) => name.replace(/^.* took too long$/, '… took too long')).sort()).toEqual([
      'Has Fargate Spot had capacity?',
      'Has Spot had capacity?',
      'Leave Fargate Spot',
      'Leave Spot',
      'Read the message',
      ...Array<string>(9).fill('… took too long'),
    ]);
  });

  it('names a run’s jobs after the run', () => {
    expect(definition.States.Runs?.ItemProcessor?.States['Train']?.Parameters).toMatchObject({
      'JobName.$': "States.Format('train-{}', $.runId)",
    });
  });
});
