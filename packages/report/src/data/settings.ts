import type { Transform } from '@bakeoff/core';
import { plainNumber } from '@bakeoff/statistics/formats';

/** Lists and maps are their JSON text, as in a plan's sweep values. */
export type Setting = string | number | boolean | null;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Paths whose values are not the same in all given settings, in order of first appearance. A map that some lack
 * altogether is told by its members.
 */
export function varyingSettings(all: readonly Readonly<Record<string, Setting>>[]): string[] {
  const paths = [...new Set(all.flatMap((settings) => Object.keys(settings)))];
  return paths.filter(
    (path) =>
      new Set(all.map((settings) => (path in settings ? JSON.stringify(settings[path]) : 'absent'))).size > 1 &&
      !(
        all.every((settings) => (settings[path] ?? null) === null) &&
        paths.some((other) => other.startsWith(`${path}.`))
      ),
  );
}

/** The shortest endings of paths that tell them apart: `dropout2d`, `blocks.1`. */
export function settingNames(paths: readonly string[]): Map<string, string> {
  return new Map(
    paths.map((path) => {
      const parts = path.split('.');
      const endings = parts.map((_, i) => parts.slice(parts.length - 1 - i).join('.'));
      const unique = endings.find(
        (name) => !/^\d/.test(name) && !paths.some((other) => other !== path && `.${other}`.endsWith(`.${name}`)),
      );
      return [path, unique ?? path];
    }),
  );
}

type Told<T> = { readonly [K in keyof T]?: T[K] };

const at = (probability: number | undefined): string =>
  probability === undefined || probability === 1 ? '' : ` at ${plainNumber(probability)}`;
const sampled = (interpolation: string | undefined, usual: string): string =>
  interpolation === undefined || interpolation === usual ? '' : ` ${interpolation}`;
const sized = (name: string, size: number | undefined, unit = ''): string =>
  size === undefined ? name : `${name} ${plainNumber(size)}${unit}`;

/** By type; a sweep's values may lack what has a default. */
const TRANSFORMS: { readonly [T in Transform['type']]: (t: Told<Extract<Transform, { type: T }>>) => string } = {
  horizontalFlip: ({ probability }) => sized('flip', probability),
  randomCrop: ({ padding, probability }) => `${sized('crop', padding, '\u00A0px')}${at(probability)}`,
  alternatingFlip: () => 'alternating flip',
  translate: ({ pixels, probability }) => `${sized('translate', pixels, '\u00A0px')}${at(probability)}`,
  cutout: ({ size, overBorder, probability }) =>
    `${sized('cutout', size, '\u00A0px')}${overBorder === false ? ' inside' : ''}${at(probability)}`,
  grayscale: ({ probability }) => sized('grayscale', probability),
  perspective: ({ distortion, probability, interpolation }) =>
    `${sized('perspective', distortion)}${sampled(interpolation, 'bilinear')}${at(probability)}`,
  rotation: ({ degrees, probability, interpolation }) =>
    `${sized('rotation', degrees, '°')}${sampled(interpolation, 'nearest')}${at(probability)}`,
};

function mapText(map: Record<string, unknown>): string {
  const { type, transforms, views, seed, ...rest } = map;
  if (Array.isArray(transforms))
    return [
      transforms.map(valueText).join(', '),
      ...(views === undefined ? [] : [`${valueText(views)} views`]),
      ...(seed === undefined || seed === 1 ? [] : [`seed ${valueText(seed)}`]),
    ].join('; ');
  if (typeof type === 'string' && Object.hasOwn(TRANSFORMS, type)) return TRANSFORMS[type as Transform['type']](map);
  const members = Object.entries({
    ...rest,
    ...(views === undefined ? {} : { views }),
    ...(seed === undefined ? {} : { seed }),
  });
  return [...(typeof type === 'string' ? [type] : []), ...members.map(([key, v]) => `${key} ${valueText(v)}`)].join(
    ', ',
  );
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'number') return plainNumber(value);
  if (Array.isArray(value))
    return value.some(isObject) ? value.map(valueText).join(', ') : `[${value.map(valueText).join(', ')}]`;
  if (isObject(value)) return mapText(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Any setting's value for readers, everywhere: `0.03`, `none`, `[3, 3, 3]`, `flip 0.5, rotation 30°`. Values that differ
 * have texts that differ.
 */
export function settingText(value: Setting | undefined): string {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return valueText(value);
  try {
    return valueText(JSON.parse(value));
  } catch {
    return value;
  }
}
