import { describe, expect, it } from 'vitest';
import type { TrainingMeasurement } from '../records/measurement-records.ts';
import { UserError } from '../user-error.ts';
import { parsePrices, type PriceTable, standardPrices } from './price-table.ts';
import { runCost } from './run-cost.ts';

const prices: PriceTable = {
  date: '2026-01-01',
  region: 'us-east-1',
  source: 'made up',
  hourly: { a: { onDemand: 3.6, spot: 0.36 }, b: { onDemand: 7.2 } },
  fargate: { vcpuHour: 0.04, gibHour: 0.005, spot: { vcpuHour: 0.012, gibHour: 0.0015 } },
};

function attempt(startedAt: string, values: Partial<TrainingMeasurement>): TrainingMeasurement {
  return {
    formatVersion: 1,
    runId: 'r',
    attemptId: startedAt,
    startedAt,
    firstStep: 0,
    lastStep: 0,
    outcome: 'finished',
    wallSeconds: 0,
    imagesPerSecond: 0,
    epochs: [],
    peakMemoryBytes: 0,
    engine: {} as TrainingMeasurement['engine'],
    ...values,
  };
}

describe('runCost', () => {
  it('adds job seconds times price over all attempts, start-up included', () => {
    const cost = runCost(
      [
        attempt('1', {
          wallSeconds: 90,
          host: { instanceType: 'a', purchase: 'spot', startupSeconds: 10 },
          outcome: 'interrupted',
          lastStep: 900,
        }),
        attempt('2', {
          wallSeconds: 100,
          host: { instanceType: 'a', purchase: 'on-demand' },
          firstStep: 900,
          lastStep: 1000,
        }),
      ],
      prices,
    );
    expect(cost.dollars).toBeCloseTo(0.01 + 0.1, 12);
    expect(cost).toMatchObject({ jobSeconds: 200, lostSeconds: 0 });
  });

  it('takes the on-demand price if no Spot price is known', () => {
    expect(
      runCost([attempt('1', { wallSeconds: 500, host: { instanceType: 'b', purchase: 'spot' } })], prices).dollars,
    ).toBeCloseTo(1, 12);
  });

  it('adds the vCPUs and the memory of Fargate tasks, at the price of Spot where they were', () => {
    const fargate = { vcpus: 1, memoryMib: 8192 };
    const cost = runCost(
      [
        attempt('1', { wallSeconds: 3590, host: { fargate, purchase: 'spot', startupSeconds: 10 } }),
        attempt('2', { wallSeconds: 1800, host: { fargate, purchase: 'on-demand' } }),
      ],
      prices,
    );
    expect(cost.dollars).toBeCloseTo(0.024 + 0.04, 12);
  });

  it('has no sum if one attempt’s machine has no price', () => {
    const known = attempt('1', { wallSeconds: 10, host: { instanceType: 'a' } });
    expect(runCost([known, attempt('2', { wallSeconds: 10 })], prices).dollars).toBeNull();
    expect(runCost([known, attempt('2', { wallSeconds: 10, host: { instanceType: 'z' } })], prices).dollars).toBeNull();
    expect(runCost([], prices).dollars).toBeNull();
  });

  it('counts the time of steps that the next attempt repeated as lost', () => {
    const attempts = [
      attempt('2', { firstStep: 800, lastStep: 1000, wallSeconds: 30 }),
      attempt('1', { lastStep: 900, wallSeconds: 90 }),
    ];
    expect(runCost(attempts, prices).lostSeconds).toBeCloseTo(10, 12);
    expect(
      runCost(
        [attempt('1', { lastStep: 50, wallSeconds: 9 }), attempt('2', { firstStep: 0, lastStep: 100, wallSeconds: 5 })],
        prices,
      ).lostSeconds,
    ).toBe(9);
  });
});

describe('prices', () => {
  it('ship with a date, a source, and every instance type of the default deployment', () => {
    expect(Object.keys(standardPrices.hourly)).toEqual(
      expect.arrayContaining(['g4dn.xlarge', 'g4dn.2xlarge', 'g5.xlarge', 'g5.2xlarge', 'g6.xlarge', 'g6.2xlarge']),
    );
    expect(standardPrices.date).toMatch(/^20\d\d-\d\d-\d\d$/);
    for (const { onDemand, spot } of Object.values(standardPrices.hourly)) expect(spot).toBeLessThan(onDemand);
    expect(standardPrices.fargate.spot?.vcpuHour).toBeLessThan(standardPrices.fargate.vcpuHour);
  });

  it('are read from a file of the same form', () => {
    expect(parsePrices(JSON.stringify(standardPrices), 'mine.json')).toEqual(standardPrices);
  });

  it.each([
    ['{', 'JSON'],
    ['{}', 'date'],
    [JSON.stringify({ ...prices, hourly: { a: { onDemand: '1' } } }), 'hourly.a.onDemand'],
  ])('refuse %j, naming the file', (text, said) => {
    expect(() => parsePrices(text, 'mine.json')).toThrow(UserError);
    expect(() => parsePrices(text, 'mine.json')).toThrow(new RegExp(`mine\\.json[\\s\\S]*${said}`));
  });
});
