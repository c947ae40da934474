import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import { linear } from './linear.ts';
import { oneCycle } from './one-cycle.ts';
import type { Schedule, ScheduleType } from './schedule.ts';
import { step } from './step.ts';

export type Schedules = { readonly [Type in ScheduleType]: Schedule<Type> };

/**
 * Every schedule by its type in the manifest's schema. To add one, add its schema in core, a file next to this one, and
 * a line here.
 */
export const schedules: Schedules = { constant, cosine, linear, oneCycle, step };
