/**
 * How numbers are written for readers: on the page, in Markdown, in sentences, in the terminal. A no-break space keeps
 * a number with its unit on pages; `withPlainSpaces` replaces these by plain spaces for text that is copied and
 * searched.
 */
import type { Interval } from './interval.ts';

const NBSP = '\u00A0';
/** A true minus sign, which is as wide as a plus and is read as a minus. */
const signed = (text: string): string => text.replace('-', '\u2212');

export function withPlainSpaces(text: string): string {
  return text.replaceAll(NBSP, ' ');
}

/** `0.9125` → `91.25 %`. */
export function percent(fraction: number, digits = 2): string {
  return `${signed((fraction * 100).toFixed(digits))}${NBSP}%`;
}

/** `[90.68, 91.79]`, in percent. */
export function percentInterval({ low, high }: Pick<Interval, 'low' | 'high'>, digits = 2): string {
  return `[${signed((low * 100).toFixed(digits))}, ${signed((high * 100).toFixed(digits))}]`;
}

/**
 * A difference of fractions in percentage points with its sign, `0.0015` → `+0.15`; a value that rounds to zero has no
 * sign.
 */
export function points(difference: number, digits = 2): string {
  const size = pointsApart(difference, digits);
  if (Number(size) === 0) return size;
  return `${difference < 0 ? '\u2212' : '+'}${size}`;
}

/** The size of a difference or deviation of fractions in percentage points, without a sign. */
export function pointsApart(difference: number, digits = 2): string {
  return Math.abs(difference * 100).toFixed(digits);
}

/** `p = 0.031`, `p < 0.0001`: two significant digits. */
export function pValue(p: number): string {
  return p < 1e-4 ? `p${NBSP}<${NBSP}0.0001` : `p${NBSP}=${NBSP}${Number(p.toPrecision(2))}`;
}

/** Four significant digits, without an exponent between 0.001 and 100,000. */
export function significant(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return 'none';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5)
    return signed(size >= 10 ** (digits - 1) ? grouped(Math.round(value)) : value.toPrecision(digits));
  return signed(value.toExponential(digits - 1).replace('e+', 'e'));
}

/** Up to six significant digits and no more than the value needs: settings read as a person wrote them. */
export function plainNumber(value: number): string {
  return signed(String(Number(value.toPrecision(6))));
}

/** Separates thousands by commas. */
export function grouped(value: number): string {
  return signed(String(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** A count with its noun: `1 run`, `1,200 runs`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : nouns}`;
}

/** A whole number with thousands separated by commas: `1,281,930`. */
export function count(value: number): string {
  return grouped(Math.round(value));
}

const PREFIXES = [
  ['P', 1e15],
  ['T', 1e12],
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
] as const;

/** Three significant digits and a prefix: `40.6 M`. Whole numbers below 1000 stay as they are. */
export function scaled(value: number, unit = ''): string {
  if (Math.abs(value) < 0.9995e18) {
    // From 999.5, rounding to three digits would give 1000 of the smaller prefix.
    const found = PREFIXES.find(([, size]) => Math.abs(value) >= 0.9995 * size);
    if (found !== undefined) return `${(value / found[1]).toPrecision(3)}${NBSP}${found[0]}${unit}`;
  }
  const number = Number.isInteger(value) && Math.abs(value) < 1e3 ? signed(String(value)) : significant(value, 3);
  return unit === '' ? number : `${number}${NBSP}${unit}`;
}

/** Ticks of an axis of counts: `40 M`, `1.5 k`. */
export function countTick(value: number): string {
  const [prefix, size] = PREFIXES.find(([, at]) => value >= at) ?? ['', 1];
  const number = String(Number((value / size).toPrecision(3)));
  return prefix === '' ? number : `${number} ${prefix}`;
}

/** Ticks of an axis of fractions, in percent. */
export function percentTick(value: number): string {
  return `${Number((value * 100).toFixed(3))} %`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `1 h 02 min`, `3 min 20 s`, `12.3 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)}${NBSP}s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return minutesAndSeconds(whole);
  return hoursAndMinutes(Math.floor(whole / 60));
}

/** The same for figures that change while they are shown: `2 h 03 min`, `1 min 05 s`, `42 s`, `0.8 s`. */
export function roughDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)}${NBSP}s`;
  if (seconds < 59.5) return `${Math.round(seconds)}${NBSP}s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return minutesAndSeconds(whole);
  return hoursAndMinutes(Math.round(seconds / 60));
}

function minutesAndSeconds(seconds: number): string {
  return `${Math.floor(seconds / 60)}${NBSP}min${NBSP}${twoDigits(seconds % 60)}${NBSP}s`;
}

function hoursAndMinutes(minutes: number): string {
  return `${Math.floor(minutes / 60)}${NBSP}h${NBSP}${twoDigits(minutes % 60)}${NBSP}min`;
}

/** What a training cost: `$0.042`, `$3.21`. */
export function dollars(amount: number): string {
  return `$${amount.toFixed(amount < 1 ? 3 : 2)}`;
}

/** An estimated cost, with cents below ten dollars. */
export function roughDollars(amount: number): string {
  return `$${amount.toFixed(amount < 10 ? 2 : 0)}`;
}

/** Measured sizes: `131.8 MiB`, `2.83 GiB`. */
export function bytes(size: number): string {
  if (size >= 2 ** 30) return `${(size / 2 ** 30).toFixed(2)}${NBSP}GiB`;
  if (size >= 2 ** 20) return `${(size / 2 ** 20).toFixed(1)}${NBSP}MiB`;
  return `${(size / 1024).toFixed(1)}${NBSP}KiB`;
}

/** Sizes of files and progress, two or three digits: `512 bytes`, `3.5 MiB`, `132 MiB`. */
export function roughBytes(size: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let rest = size;
  for (; rest >= 1000 && unit < units.length - 1; unit++) rest /= 1024;
  return `${unit === 0 || rest >= 100 ? Math.round(rest) : rest.toPrecision(2)}${NBSP}${units[unit]}`;
}
