import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogStream } from './batch-jobs.ts';
import { callAws } from './explain-aws-error.ts';

export interface LogPage {
  readonly lines: readonly string[];
  /** To go on from here. */
  readonly token: string | undefined;
}

/** Lines that jobs wrote. */
export class JobLogs {
  private readonly client = new CloudWatchLogsClient({});

  /** Everything from the token on, or from the start; no lines where the job has written none yet. */
  async read({ group, stream }: LogStream, from: string | undefined): Promise<LogPage> {
    const lines: string[] = [];
    let token = from;
    for (;;) {
      const page = await callAws(`read the log ${group} ${stream}`, () => this.page(group, stream, token));
      if (page === undefined) return { lines, token };
      lines.push(...(page.events ?? []).flatMap(({ message }) => message ?? []));
      // The end is where the token comes back as it was sent.
      if (page.nextForwardToken === undefined || page.nextForwardToken === token) return { lines, token };
      token = page.nextForwardToken;
    }
  }

  private async page(logGroupName: string, logStreamName: string, nextToken: string | undefined) {
    try {
      return await this.client.send(
        new GetLogEventsCommand({ logGroupName, logStreamName, nextToken, startFromHead: true }),
      );
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }
}
