import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BakeoffStack, gitRevision, readSettings } from '../lib/index.ts';

const app = new App();
const name = (app.node.tryGetContext('stackName') as string | undefined) ?? 'Bakeoff';
const settings = readSettings((key) => app.node.tryGetContext(key) as unknown);
new BakeoffStack(app, name, {
  stackName: name,
  settings,
  imageTag: settings.imageTag ?? gitRevision(import.meta.dirname),
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
