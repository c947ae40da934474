import { App } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { BakeoffStack, defaultSettings } from '../index.ts';

/** The stack as `cdk deploy` makes it: with the feature flags of cdk.json. */
export function deployedStack(): { readonly app: App; readonly stack: BakeoffStack } {
  const app = new App({ context: cdkJson.context });
  return { app, stack: new BakeoffStack(app, 'Bakeoff', { settings: defaultSettings }) };
}
