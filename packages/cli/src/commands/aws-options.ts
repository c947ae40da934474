/** Options of the commands that work with a deployment. */
export interface AwsOptions {
  /** Name of the CloudFormation stack. */
  readonly stack: string;
}
