import type { Setting } from '../data/settings.ts';
import { callsForLog } from './axes.ts';
import { logTicks, roundTicks } from './ticks.ts';

/** How the values of a setting are placed along an axis. */
export interface SettingAxis {
  /** In order, without those that have no value: numbers by size, others by their text. */
  readonly values: readonly Setting[];
  readonly hasNone: boolean;
  /** `even`: no numbers, or numbers that span decades with a zero, which a logarithmic axis cannot place. */
  readonly spacing: 'linear' | 'log' | 'even';
}

const byText = (a: Setting, b: Setting): number => String(a).localeCompare(String(b), 'en', { numeric: true });

/** Whether sampled numbers are spread evenly over a logarithmic axis rather than a linear one: by their middle. */
function isSpreadOverDecades(numbers: readonly number[]): boolean {
  const [low, high, middle] = [numbers[0]!, numbers.at(-1)!, numbers[numbers.length >> 1]!];
  if (low <= 0) return false;
  const off = (to: (value: number) => number): number => Math.abs((to(middle) - to(low)) / (to(high) - to(low)) - 0.5);
  return off(Math.log) < off((value) => value);
}

/** @param sampled Whether a search draws the values, which are then spread evenly along the axis that they are meant for. */
export function settingAxis(all: readonly Setting[], sampled = false): SettingAxis {
  const values = [...new Set(all)].filter((value) => value !== null);
  const hasNone = all.includes(null);
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length) return { values: values.sort(byText), hasNone, spacing: 'even' };
  numbers.sort((a, b) => a - b);
  if (sampled && numbers.length > 2)
    return { values: numbers, hasNone, spacing: isSpreadOverDecades(numbers) ? 'log' : 'linear' };
  if (callsForLog(numbers)) return { values: numbers, hasNone, spacing: 'log' };
  const isMixed = numbers.includes(0) && numbers.at(-1)! > 8 * (numbers.find((value) => value > 0) ?? Infinity);
  return { values: numbers, hasNone, spacing: isMixed ? 'even' : 'linear' };
}

/** Place of a value between the lowest (0) and the highest (1). */
export function settingPlace({ values, spacing }: SettingAxis, value: Setting): number {
  if (values.length < 2) return 0.5;
  if (spacing === 'even') return values.indexOf(value) / (values.length - 1);
  const to = spacing === 'log' ? Math.log : (v: number): number => v;
  const [low, high, at] = [values[0], values.at(-1), value].map((v) => to(Number(v))) as [number, number, number];
  return (at - low) / (high - low);
}

/** Values that are all written at an axis; a setting that a search draws more of has round ticks. */
const MOST_VALUES = 6;

/** The values to write at the axis of a searched setting: all of a few, otherwise about `count` round ones among them. */
export function settingTicks({ values, spacing }: SettingAxis, count: number): readonly Setting[] {
  if (values.length <= MOST_VALUES || spacing === 'even') return values;
  const [low, high] = [Number(values[0]), Number(values.at(-1))];
  const round = (spacing === 'log' ? logTicks : roundTicks)(low, high, Math.max(3, Math.floor(count)));
  const within = round.filter((value) => value >= low && value <= high);
  return within.length < 2 ? [low, high] : within;
}
