import * as z from 'zod';
import type { Immutable } from '../types/immutable.ts';

export const executionMessageSchema = z.object({
  formatVersion: z.literal(1),
  /** At most 100 ASCII characters, as mail from SNS requires. */
  subject: z.string(),
  /** At most 8 KiB. */
  text: z.string(),
  /** Key of the report's page; absent from messages of earlier versions. */
  page: z.string().optional(),
});

/** `executions/<executionId>/message.json`: the mail that announces an execution's end. */
export type ExecutionMessage = Immutable<z.output<typeof executionMessageSchema>>;
