import { everySettingUsed } from '@bakeoff/core';
import { describe, expect, it } from 'vitest';
import { schedules, type Schedules } from './registry.ts';
import type { ScheduleSettings } from './schedule.ts';

describe('the registry of schedules', () => {
  it('an incomplete row does not compile', () => {
    const { cosine: cosineRow, ...others } = schedules;
    // @ts-expect-error a type of the schema without a row
    const incomplete: Schedules = others;
    expect(Object.keys({ ...incomplete, cosine: cosineRow }).sort()).toEqual([
      'constant',
      'cosine',
      'linear',
      'oneCycle',
      'step',
    ]);
  });

  it('a setting that its schedule does not use does not compile', () => {
    const settings: ScheduleSettings<'step'> = { epochs: [1], factor: 0.1 };
    const { epochs, ...unused } = settings;
    // @ts-expect-error factor is not read
    everySettingUsed(unused);
    expect(epochs).toEqual([1]);
  });
});
