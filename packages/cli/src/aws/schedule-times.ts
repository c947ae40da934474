/** When EventBridge Scheduler starts a schedule. */
export interface ScheduleTimes {
  /** `rate(7 days)`, or `cron(0 9 ? * MON *)`: minute, hour, day of month, month, day of week, year. */
  readonly expression: string;
  /** For cron, as in Europe/Berlin. */
  readonly timeZone: string;
  /** When it was created: the first occurrence of a rate is at once. */
  readonly startMs: number;
  /** None after this time. */
  readonly endMs?: number;
}

const MINUTE_MS = 60_000;
const UNITS_MS = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: 24 * 60 * MINUTE_MS } as const;
/** Days that are searched for an occurrence: a leap day can be eight years away. */
const SEARCHED_DAYS = 366 * 9;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/**
 * The next occurrences after a time, at most `count`, in milliseconds since 1970; none if the expression is not
 * understood.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function nextOccurrences(times: ScheduleTimes, afterMs: number, count: number): number[] {
  const { expression, endMs = Infinity } = times;
  const [, rate, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const found =
    unit === undefined
      ? cronTimes(times, afterMs, count)
      : rateTimes(Number(rate) * UNITS_MS[unit as keyof typeof UNITS_MS], times.startMs, afterMs, count);
  return found.filter((ms) => ms <= endMs);
}

/** Between the last wanted occurrence and the one after it, so that the schedule ends by itself; undefined if unknown. */
export function endAfter(times: ScheduleTimes, occurrences: number): Date | undefined {
  const found = nextOccurrences(times, times.startMs - 1, occurrences + 1);
  const last = found[occurrences - 1];
  if (last === undefined) return undefined;
  const gap = (found[occurrences] ?? Infinity) - last;
  return new Date(last + Math.min(gap / 2, UNITS_MS.hour));
}

function rateTimes(everyMs: number, startMs: number, afterMs: number, count: number): number[] {
  if (everyMs === 0) return [];
  const first = Math.max(0, Math.floor((afterMs - startMs) / everyMs) + 1);
  return Array.from({ length: count }, (_, i) => startMs + (first + i) * everyMs);
}

function cronTimes({ expression, timeZone }: ScheduleTimes, afterMs: number, count: number): number[] {
  const [, fields = ''] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields.trim().split(/\s+/);
  const minutes = valuesOf(minute, 0, 59);
  const hours = valuesOf(hour, 0, 23);
  const months = valuesOf(month, 1, 12, MONTHS);
  const years = valuesOf(year, 1970, 2199);
  const isDay = dayMatcher(dayOfMonth, dayOfWeek);
  if (
    minutes === undefined ||
    hours === undefined ||
    months === undefined ||
    years === undefined ||
    isDay === undefined ||
    !isTimeZone(timeZone)
  )
    return [];
  const found: number[] = [];
  const { year: y, month: m, day: d } = wallClock(afterMs, timeZone);
  for (let offset = 0; offset < SEARCHED_DAYS && found.length < count; offset++) {
    const day = new Date(Date.UTC(y, m - 1, d + offset));
    if (!years.has(day.getUTCFullYear()) || !months.has(day.getUTCMonth() + 1) || !isDay(day)) continue;
    for (const h of hours)
      for (const min of minutes) {
        const ms = instantOf(day.getTime() + (h * 60 + min) * MINUTE_MS, timeZone);
        if (ms !== undefined && ms > afterMs) found.push(ms);
      }
  }
  return found.slice(0, count);
}

/** `*`, `?`, values, names, ranges and steps, in ascending order; undefined if it is something else. */
function valuesOf(text: string, low: number, high: number, names: readonly string[] = []): Set<number> | undefined {
  const all = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  const numberOf = (value: string): number =>
    names.includes(value.toUpperCase()) ? names.indexOf(value.toUpperCase()) + low : Number(value);
  const chosen = new Set<number>();
  for (const part of text.split(',')) {
    const [, from = '', to, step] = /^(\*|\?|[A-Za-z0-9]+)(?:-([A-Za-z0-9]+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const isAny = from === '*' || from === '?';
    const first = isAny ? low : numberOf(from);
    const last = to !== undefined ? numberOf(to) : isAny || step !== undefined ? high : first;
    if (from === '' || !(first >= low) || !(last <= high) || step === '0') return undefined;
    for (const value of all)
      if (value >= first && value <= last && (value - first) % Number(step ?? 1) === 0) chosen.add(value);
  }
  return new Set([...chosen].sort((a, b) => a - b));
}

/** Whether a day, given at midnight UTC, is one of the month and of the week. One of the two fields is `?`. */
function dayMatcher(dayOfMonth: string, dayOfWeek: string): ((day: Date) => boolean) | undefined {
  if (dayOfWeek === '?' || dayOfWeek === '*') return ofMonth(dayOfMonth);
  if (dayOfMonth !== '?' && dayOfMonth !== '*') return undefined;
  return ofWeek(dayOfWeek);
}

function ofMonth(text: string): ((day: Date) => boolean) | undefined {
  if (text === 'L') return (day) => day.getUTCDate() === daysIn(day);
  const [, nearest] = /^(\d+)W$/.exec(text) ?? [];
  if (nearest !== undefined) return (day) => day.getUTCDate() === nearestWeekday(day, Number(nearest));
  const days = valuesOf(text, 1, 31);
  return days && ((day) => days.has(day.getUTCDate()));
}

function ofWeek(text: string): ((day: Date) => boolean) | undefined {
  const [, name = '', last, nth] = /^(\w+?)(?:(L)|#([1-5]))$/.exec(text) ?? [];
  const weekdays = valuesOf(text === 'L' ? 'SAT' : name === '' ? text : name, 1, 7, WEEKDAYS);
  if (weekdays === undefined) return undefined;
  return (day) =>
    weekdays.has(day.getUTCDay() + 1) &&
    (last === undefined || day.getUTCDate() > daysIn(day) - 7) &&
    (nth === undefined || Math.ceil(day.getUTCDate() / 7) === Number(nth));
}

function daysIn(day: Date): number {
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
}

/** The weekday nearest to a day of the month, within the month. */
function nearestWeekday(month: Date, wanted: number): number {
  const last = daysIn(month);
  const date = Math.min(wanted, last);
  const weekday = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), date)).getUTCDay();
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === last ? date - 2 : date + 1;
  return date;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What the clocks of a time zone show. */
function wallClock(ms: number, timeZone: string): { year: number; month: number; day: number; asUtcMs: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(ms);
  const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const [year, month, day] = [value('year'), value('month'), value('day')];
  return { year, month, day, asUtcMs: Date.UTC(year, month - 1, day, value('hour'), value('minute')) };
}

/**
 * The first instant at which clocks show a time, given as if it were UTC; undefined for a time that daylight saving
 * skips, at which Scheduler does not start anything either.
 */
function instantOf(asUtcMs: number, timeZone: string): number | undefined {
  const shift = (ms: number): number => wallClock(ms, timeZone).asUtcMs - ms;
  const candidates = [asUtcMs - shift(asUtcMs - UNITS_MS.day), asUtcMs - shift(asUtcMs + UNITS_MS.day)];
  return candidates.sort((a, b) => a - b).find((ms) => wallClock(ms, timeZone).asUtcMs === asUtcMs);
}
