import aslValidator from 'asl-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployedTemplate } from './testing/deployed-stack.ts';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Retry?: unknown;
  readonly ResultPath?: string | null;
  readonly Parameters?: Record<string, unknown>;
  readonly ItemProcessor?: { readonly States: Record<string, State> };
}

let definition: { readonly StartAt: string; readonly QueryLanguage?: string; readonly States: Record<string, State> };

beforeAll(() => {
  const [machine] = Object.values(deployedTemplate().findResources('AWS::StepFunctions::StateMachine')) as {
    Properties: { DefinitionString: { 'Fn::Join': [string, unknown[]] } };
  }[];
  const parts = machine?.Properties.DefinitionString['Fn::Join'][1] ?? [];
  definition = JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'aws')).join('')) as typeof definition;
}, 120_000);

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
    expect(path).toEqual(['Plan', 'Data-prep', 'Runs', 'Compare', 'Report', 'Read the record', 'Succeeded']);
  });

  it('retries nothing itself, because the job definitions do', () => {
    const states = [
      ...Object.values(definition.States),
      ...Object.values(definition.States.Runs?.ItemProcessor?.States ?? {}),
    ];
    expect(states.filter((state) => state.Retry !== undefined)).toEqual([]);
  });

  it('records a failed run and continues', () => {
    const runs = definition.States.Runs?.ItemProcessor?.States ?? {};
    expect(Object.keys(runs).sort()).toEqual([
      'Evaluate',
      'Record the failure',
      'Train',
      'Train on demand',
      'Was it capacity?',
    ]);
    expect(definition.States.Runs).toMatchObject({ ToleratedFailurePercentage: 100 });
  });

  it('carries nothing that grows with the number of runs', () => {
    // Items come from the bucket, results go there, and no state keeps a job's output.
    expect(definition.States.Runs).toMatchObject({
      ItemReader: { Resource: 'arn:aws:states:::s3:getObject' },
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject' },
      ResultPath: null,
    });
    const tasks = [definition.States, definition.States.Runs?.ItemProcessor?.States ?? {}]
      .flatMap((states) => Object.entries(states))
      .filter(([, { Type }]) => Type === 'Task');
    expect(tasks.filter(([, { ResultPath }]) => ResultPath !== null).map(([name]) => name)).toEqual([
      'Read the record',
    ]);
  });

  it('names a run’s jobs after the run', () => {
    expect(definition.States.Runs?.ItemProcessor?.States['Train']?.Parameters).toMatchObject({
      'JobName.$': "States.Format('train-{}', $.runId)",
    });
  });
});
