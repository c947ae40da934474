import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterEach, describe, expect, it } from 'vitest';
import { acknowledge } from './acknowledge.ts';
import { deployedStack } from './testing/deployed-stack.ts';

interface ValidationReport {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly { readonly ruleName: string }[];
    readonly suppressedViolations?: readonly unknown[];
  }[];
}

const folders: string[] = [];

/** Synthesizes with cdk-nag's rules, as bin/bakeoff.ts does, and reads its report. */
function findings(app: App): { readonly unexplained: readonly string[]; readonly explained: number } {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  folders.push(app.outdir);
  try {
    app.synth();
  } catch (error) {
    // Findings make synthesis fail, but the report is written before that.
    if ((error as Error).name !== 'ValidationFailed') throw error;
  }
  const { pluginReports } = JSON.parse(
    readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'),
  ) as ValidationReport;
  const report = pluginReports.find(({ pluginName }) => pluginName === 'AwsSolutions');
  if (report === undefined) throw new Error('cdk-nag did not report');
  return {
    unexplained: report.violations.map(({ ruleName }) => ruleName),
    explained: report.suppressedViolations?.length ?? 0,
  };
}

function topicWithoutTls(): { readonly app: App; readonly topic: Topic } {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'bakeoff-nag-')) });
  return { app, topic: new Topic(new Stack(app, 'Probe'), 'Topic') };
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('cdk-nag', () => {
  it('finds nothing in the stack that is not explained', () => {
    const { unexplained, explained } = findings(deployedStack().app);
    expect(unexplained).toEqual([]);
    expect(explained).toBeGreaterThan(10);
  }, 120_000);

  it('would report an unexplained finding', () => {
    expect(findings(topicWithoutTls().app).unexplained.join()).toContain('SNS3');
  }, 60_000);

  it('accepts an explanation of exactly that finding', () => {
    const { app, topic } = topicWithoutTls();
    acknowledge(topic, { SNS3: 'a probe' });
    expect(findings(app)).toEqual({ unexplained: [], explained: 1 });
  }, 60_000);
});
