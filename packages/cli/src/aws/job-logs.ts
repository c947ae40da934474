import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogStream } from './batch-jobs.ts';
import { callAws } from './explain-aws-error.ts';

export interface LogPage {
  readonly lines: readonly string[];
  /** Where the next read continues. */
  readonly token: string | undefined;
}

/** Lines that jobs wrote. */
export class JobLogs {
  private readonly client = new CloudWatchLogsClient({});

  /** Everything after the token, or from the start; no lines if the job has not written any yet. */
  async read({ group, stream }: LogStream, from: string | undefined): Promise<LogPage> {
    const lines: string[] = [];
    let token = from;
    for (;;) {
      const page = await callAws(`read the log ${group} ${stream}`, () => this.page(group, stream, token));
      if (page === undefined) return { lines, token };
      lines.push(...(page.events ?? []).flatMap(({ message }) => message ?? []));
      // At the end of the log, the service returns the same token that was sent.
      if (page.nextForwardToken === undefined || page.nextForwardToken === token) return { lines, token };
      token = page.nextForwardToken;
    }
  }

  /** The last lines, at most `count`; none if the job has not written any. */
  async last({ group, stream }: Pick<LogStream, 'group' | 'stream'>, count: number): Promise<readonly string[]> {
    const { events = [] } = await callAws(`read the log ${group} ${stream}`, () =>
      this.client.send(
        new GetLogEventsCommand({ logGroupName: group, logStreamName: stream, limit: count, startFromHead: false }),
      ),
    );
    return events.flatMap(({ message }) => message ?? []);
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
