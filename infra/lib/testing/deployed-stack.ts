import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { BakeoffStack, defaultSettings, type Settings } from '../index.ts';

const cdkJson = JSON.parse(readFileSync(join(import.meta.dirname, '../../../cdk.json'), 'utf8')) as {
  readonly context: Record<string, unknown>;
};

/** The stack as `cdk deploy` creates it, with the feature flags of cdk.json, and settings that are not the default. */
export function deployedStack(settings: Partial<Settings> = {}): { readonly app: App; readonly stack: BakeoffStack } {
  const app = new App({ context: cdkJson.context });
  return {
    app,
    stack: new BakeoffStack(app, 'Bakeoff', { settings: { ...defaultSettings, ...settings }, imageTag: 'a1b2c3d4' }),
  };
}

/** Its template. CDK's own validation takes half of the time, so it runs only in the test that needs it. */
export function deployedTemplate(settings: Partial<Settings> = {}): Template {
  process.env['CDK_VALIDATION'] = 'false';
  try {
    return Template.fromStack(deployedStack(settings).stack);
  } finally {
    delete process.env['CDK_VALIDATION'];
  }
}
