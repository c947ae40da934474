import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BakeoffStack, readSettings } from '../lib/index.ts';

const app = new App();
const name = (app.node.tryGetContext('stackName') as string | undefined) ?? 'Bakeoff';
new BakeoffStack(app, name, {
  stackName: name,
  settings: readSettings((key) => app.node.tryGetContext(key) as unknown),
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
