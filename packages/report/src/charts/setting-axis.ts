import type { Setting } from '../data/settings.ts';
import { callsForLog } from './axes.ts';

/** How the values of a setting are placed along an axis. */
export interface SettingAxis {
  /** In order, without those that have no value: numbers by size, others by their text. */
  readonly values: readonly Setting[];
  readonly hasNone: boolean;
  /** `even`: no numbers, or numbers that span decades with a zero, which a logarithmic axis cannot place. */
  readonly spacing: 'linear' | 'log' | 'even';
}

const byText = (a: Setting, b: Setting): number => String(a).localeCompare(String(b), 'en', { numeric: true });

export function settingAxis(all: readonly Setting[]): SettingAxis {
  const values = [...new Set(all)].filter((value) => value !== null);
  const hasNone = all.includes(null);
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length) return { values: values.sort(byText), hasNone, spacing: 'even' };
  numbers.sort((a, b) => a - b);
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
