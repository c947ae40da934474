import type { Interval } from '@bakeoff/core';

const NBSP = '\u00A0';
/** A true minus: as wide as a plus, and read as one. */
const signed = (text: string): string => text.replace('-', '\u2212');

/** `0.9125` → `91.25 %`. */
export function percent(fraction: number, digits = 2): string {
  return `${signed((fraction * 100).toFixed(digits))}${NBSP}%`;
}

/** `[90.68, 91.79]`, in percent. */
export function percentInterval({ low, high }: Pick<Interval, 'low' | 'high'>, digits = 2): string {
  return `[${signed((low * 100).toFixed(digits))}, ${signed((high * 100).toFixed(digits))}]`;
}

/** A difference of fractions in percentage points, with its sign. */
export function points(difference: number, digits = 2): string {
  return `${difference > 0 ? '+' : ''}${signed((difference * 100).toFixed(digits))}`;
}

/** Four significant digits, without an exponent between 0.001 and 10,000. */
export function significant(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return 'none';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5)
    return signed(size >= 10 ** (digits - 1) ? grouped(Math.round(value)) : value.toPrecision(digits));
  return signed(value.toExponential(digits - 1).replace('e+', 'e'));
}

/** Thousands apart by commas. */
export function grouped(value: number): string {
  return signed(String(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

const PREFIXES = [
  ['P', 1e15],
  ['T', 1e12],
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
] as const;

/** Three significant digits and a prefix: `40.6 M`. */
export function scaled(value: number, unit = ''): string {
  if (value >= 1e18) return `${significant(value, 3)}${unit === '' ? '' : NBSP + unit}`;
  for (const [prefix, size] of PREFIXES)
    if (Math.abs(value) >= size) return `${(value / size).toPrecision(3)}${NBSP}${prefix}${unit}`;
  return unit === '' ? significant(value, 3) : `${significant(value, 3)}${NBSP}${unit}`;
}

/** `1 h 02 min`, `3 min 20 s`, `12.3 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)}${NBSP}s`;
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return h > 0
    ? `${h}${NBSP}h${NBSP}${String(m).padStart(2, '0')}${NBSP}min`
    : `${m}${NBSP}min${NBSP}${String(s).padStart(2, '0')}${NBSP}s`;
}

export function pValue(p: number): string {
  return p < 0.001 ? `p${NBSP}<${NBSP}0.001` : `p${NBSP}=${NBSP}${p.toFixed(3)}`;
}

export function dollars(amount: number): string {
  return `$${amount.toFixed(amount < 1 ? 3 : 2)}`;
}

export function bytes(count: number): string {
  if (count >= 2 ** 30) return `${(count / 2 ** 30).toFixed(2)}${NBSP}GiB`;
  if (count >= 2 ** 20) return `${(count / 2 ** 20).toFixed(1)}${NBSP}MiB`;
  return `${(count / 1024).toFixed(1)}${NBSP}KiB`;
}

export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : nouns}`;
}

/** `a, b and c`; `a, b; c; and d` where an item has a comma of its own. */
export function listed(items: readonly string[], conjunction = 'and'): string {
  if (items.length < 2) return items[0] ?? '';
  const separator = items.length > 2 && items.some((item) => item.includes(',')) ? ';' : '';
  return `${items.slice(0, -1).join(separator === '' ? ', ' : '; ')}${separator} ${conjunction} ${items.at(-1)}`;
}

/** Up to six significant digits and no more than the value needs: settings read as a person wrote them. */
export function plainNumber(value: number): string {
  return signed(String(Number(value.toPrecision(6))));
}

/** At most `length` characters, cut in the middle: names of a sweep's points differ at their end. */
export function clipMiddle(text: string, length: number): string {
  const characters = Array.from(text.length > 400 ? text.slice(0, 200) + text.slice(-200) : text);
  if (characters.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${characters.slice(0, length - 1 - tail).join('')}…${characters.slice(-tail).join('')}`;
}

/** At most `length` characters, cut with an ellipsis between code points. */
export function clip(text: string, length: number): string {
  const characters = Array.from(text.slice(0, 2 * length + 2));
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
