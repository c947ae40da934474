import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  SchedulerClient,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { type TrainingCompute, UserError } from '@bakeoff/core';
import type { Deployment } from './deployment.ts';
import { callAws } from './explain-aws-error.ts';

export interface Schedule {
  readonly scheduleId: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  readonly createdAt?: Date;
  /** Absent: it never ends by itself. */
  readonly until?: Date;
}

export interface NewSchedule extends Omit<Schedule, 'enabled' | 'createdAt'> {
  /** What its executions train on; absent: the deployment's default. */
  readonly compute?: TrainingCompute;
}

/** The schedules in a deployment's group. */
export class Schedules {
  private readonly client = new SchedulerClient({});

  constructor(private readonly deployment: Deployment) {}

  /** @throws UserError if the expression is invalid, or the schedule exists already. */
  async create({ scheduleId, expression, timeZone, until, compute }: NewSchedule): Promise<void> {
    const { stateMachineArn, scheduleRoleArn, scheduleGroup, missedSchedulesArn } = this.deployment;
    await callAws(`create the schedule ${scheduleId}`, async () => {
      try {
        await this.client.send(
          new CreateScheduleCommand({
            Name: scheduleId,
            GroupName: scheduleGroup,
            ScheduleExpression: expression,
            ScheduleExpressionTimezone: timeZone,
            EndDate: until,
            FlexibleTimeWindow: { Mode: 'OFF' },
            // EventBridge Scheduler fills in the time of the occurrence, which names the reservation of its seed.
            Target: {
              Arn: stateMachineArn,
              RoleArn: scheduleRoleArn,
              ...(missedSchedulesArn === undefined ? {} : { DeadLetterConfig: { Arn: missedSchedulesArn } }),
              Input: JSON.stringify({ source: `schedules/${scheduleId}/<aws.scheduler.scheduled-time>`, compute }),
            },
          }),
        );
      } catch (error) {
        if (error instanceof ConflictException)
          throw new UserError(
            {
              what: `the schedule ${scheduleId} exists already`,
              received: scheduleId,
              fix: `remove it first: bakeoff schedule delete ${scheduleId}`,
            },
            { cause: error },
          );
        if (error instanceof ValidationException)
          throw new UserError(
            {
              what: 'AWS does not accept this schedule',
              received: `${expression}, ${timeZone}: ${error.message}`,
              allowed: '--rate "7 days", or --cron with six fields: "0 9 ? * MON *"; --timezone as in Europe/Berlin',
            },
            { cause: error },
          );
        throw error;
      }
    });
  }

  async list(): Promise<Schedule[]> {
    const { scheduleGroup } = this.deployment;
    const schedules: Schedule[] = [];
    let token: string | undefined;
    do {
      const page = await callAws('list schedules', () =>
        this.client.send(new ListSchedulesCommand({ GroupName: scheduleGroup, NextToken: token })),
      );
      for (const { Name = '' } of page.Schedules ?? []) {
        const {
          ScheduleExpression = '',
          ScheduleExpressionTimezone = 'UTC',
          State,
          CreationDate,
          EndDate,
        } = await callAws(`look up the schedule ${Name}`, () =>
          this.client.send(new GetScheduleCommand({ Name, GroupName: scheduleGroup })),
        );
        schedules.push({
          scheduleId: Name,
          expression: ScheduleExpression,
          timeZone: ScheduleExpressionTimezone,
          enabled: State !== 'DISABLED',
          createdAt: CreationDate,
          until: EndDate,
        });
      }
      token = page.NextToken;
    } while (token !== undefined);
    return schedules;
  }

  /** @throws UserError if there is no schedule of that name. */
  async delete(scheduleId: string): Promise<void> {
    await callAws(`delete the schedule ${scheduleId}`, async () => {
      try {
        await this.client.send(
          new DeleteScheduleCommand({ Name: scheduleId, GroupName: this.deployment.scheduleGroup }),
        );
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        const known = (await this.list()).map((schedule) => schedule.scheduleId);
        throw new UserError(
          {
            what: `there is no schedule ${scheduleId}`,
            received: scheduleId,
            allowed: known.length > 0 ? known.join(', ') : 'none: nothing is scheduled',
          },
          { cause: error },
        );
      }
    });
  }
}
