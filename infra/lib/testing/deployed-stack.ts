import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { BakeoffStack, defaultSettings } from '../index.ts';

/** The stack as `cdk deploy` creates it, with the feature flags of cdk.json. */
export function deployedStack(): { readonly app: App; readonly stack: BakeoffStack } {
  const app = new App({ context: cdkJson.context });
  return { app, stack: new BakeoffStack(app, 'Bakeoff', { settings: defaultSettings }) };
}

/** Its template. CDK's own validation takes half of the time, so it runs only in the test that needs it. */
export function deployedTemplate(): Template {
  process.env['CDK_VALIDATION'] = 'false';
  try {
    return Template.fromStack(deployedStack().stack);
  } finally {
    delete process.env['CDK_VALIDATION'];
  }
}
