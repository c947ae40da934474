import { expect, it } from 'vitest';
import { everySettingUsed } from './every-setting-used.ts';

interface Settings {
  readonly type: 'sgd';
  readonly learningRate: number;
  readonly amsgrad?: boolean;
}

it('a config with a setting that is never read does not compile', () => {
  const settings: Settings = { type: 'sgd', learningRate: 0.1 };
  const { type, learningRate, amsgrad, ...nothing } = settings;
  everySettingUsed(nothing);
  const { type: _type, learningRate: _learningRate, ...rest } = settings;
  // @ts-expect-error amsgrad is not read
  everySettingUsed(rest);
  expect([type, learningRate, amsgrad]).toEqual(['sgd', 0.1, undefined]);
});
