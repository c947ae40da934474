import type { SourceOptions } from '../plans/load-plan.ts';

/** Options of the commands that work with a deployment. */
export interface AwsOptions {
  /** Name of the CloudFormation stack. */
  readonly stack: string;
}

export interface SubmitOptions extends AwsOptions, SourceOptions {
  readonly prices?: string;
  readonly yes?: boolean;
  /** Dollars. */
  readonly askAbove: number;
  readonly json?: boolean;
}

export interface StatusOptions extends AwsOptions {
  readonly json?: boolean;
}

export interface LogsOptions extends AwsOptions {
  readonly follow?: boolean;
}

export interface FetchOptions extends AwsOptions {
  readonly to: string;
}

export interface ScheduleOptions extends AwsOptions, SourceOptions {
  readonly cron?: string;
  readonly rate?: string;
  readonly timezone: string;
}
