import { describe, expect, it } from 'vitest';
import { endAfter, nextOccurrences } from './schedule-times.ts';

const start = Date.parse('2026-01-31T12:00:00Z');
const next = (
  expression: string,
  { timeZone = 'UTC', after = start, count = 3, end = undefined as string | undefined } = {},
) =>
  nextOccurrences(
    { expression, timeZone, startMs: start, ...(end === undefined ? {} : { endMs: Date.parse(end) }) },
    after,
    count,
  ).map((ms) => new Date(ms).toISOString().slice(0, 16));

describe('the next occurrences of a schedule', () => {
  it('of a rate are counted from its creation, which is the first', () => {
    expect(next('rate(7 days)', { after: start - 1 })).toEqual([
      '2026-01-31T12:00',
      '2026-02-07T12:00',
      '2026-02-14T12:00',
    ]);
    expect(next('rate(1 hour)', { after: start + 90 * 60_000, count: 1 })).toEqual(['2026-01-31T14:00']);
  });

  it.each([
    ['cron(0 9 ? * MON *)', ['2026-02-02T09:00', '2026-02-09T09:00', '2026-02-16T09:00']],
    ['cron(30 6,18 * * ? *)', ['2026-01-31T18:30', '2026-02-01T06:30', '2026-02-01T18:30']],
    ['cron(0/20 12 31 1 ? *)', ['2026-01-31T12:20', '2026-01-31T12:40', '2027-01-31T12:00']],
    ['cron(0 0 L * ? *)', ['2026-02-28T00:00', '2026-03-31T00:00', '2026-04-30T00:00']],
    ['cron(0 0 ? * FRIL *)', ['2026-02-27T00:00', '2026-03-27T00:00', '2026-04-24T00:00']],
    ['cron(0 0 ? FEB-APR 2#1 *)', ['2026-02-02T00:00', '2026-03-02T00:00', '2026-04-06T00:00']],
    ['cron(0 0 1W * ? *)', ['2026-02-02T00:00', '2026-03-02T00:00', '2026-04-01T00:00']],
    ['cron(0 0 29 2 ? *)', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['cron(0 0 1 1 ? 2027)', ['2027-01-01T00:00']],
    ['cron(daily)', []],
    ['at(2026-02-02T09:00:00)', []],
  ])('of %s are known', (expression, expected) => {
    expect(next(expression)).toEqual(expected);
  });

  it('of cron follow the clocks of the time zone, and skip what daylight saving skips', () => {
    const berlin = { timeZone: 'Europe/Berlin', after: Date.parse('2026-03-27T12:00:00Z') };
    expect(next('cron(0 9 * * ? *)', berlin)).toEqual(['2026-03-28T08:00', '2026-03-29T07:00', '2026-03-30T07:00']);
    expect(next('cron(30 2 * * ? *)', { ...berlin, count: 2 })).toEqual(['2026-03-28T01:30', '2026-03-30T00:30']);
    const autumn = { timeZone: 'Europe/Berlin', after: Date.parse('2026-10-24T12:00:00Z'), count: 2 };
    expect(next('cron(30 2 * * ? *)', autumn)).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
  });

  it('are unknown in a time zone that does not exist', () => {
    expect(next('cron(0 9 * * ? *)', { timeZone: 'Europe/Atlantis' })).toEqual([]);
  });

  it('end with the schedule', () => {
    expect(next('rate(7 days)', { end: '2026-02-10T00:00:00Z' })).toEqual(['2026-02-07T12:00']);
  });
});

describe('the end after a number of occurrences', () => {
  it.each([
    ['rate(7 days)', 3, '2026-02-14T13:00:00.000Z'],
    ['rate(10 minutes)', 1, '2026-01-31T12:05:00.000Z'],
    ['cron(0 9 ? * MON *)', 2, '2026-02-09T10:00:00.000Z'],
    ['cron(0 0 1 1 ? 2027)', 1, '2027-01-01T01:00:00.000Z'],
  ])('of %s × %i is before the next one', (expression, times, end) => {
    expect(endAfter({ expression, timeZone: 'UTC', startMs: start }, times)?.toISOString()).toBe(end);
  });

  it('is unknown if there are not as many', () => {
    expect(endAfter({ expression: 'cron(0 0 1 1 ? 2027)', timeZone: 'UTC', startMs: start }, 2)).toBeUndefined();
  });
});
