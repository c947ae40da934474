import { manifestJsonSchema } from '../json-schema.ts';
import { describeNode, discriminatorOf, optionsOf, type SchemaNode } from '../schema-walk.ts';
import { SETTING_NAMES } from '../settings-schema.ts';
import type { Vocabulary } from '../vocabulary.ts';

/** One setting of manifests, as the page lists it. */
export interface SettingRow {
  /** Its dotted path, without the numbers of lists: `augmentation.transforms.padding`. */
  readonly path: readonly string[];
  readonly about: string;
  /** The values that are allowed, in words. */
  readonly allowed: string;
  /** Undefined: it has none, or its description says which. */
  readonly default: unknown;
  readonly unit: string | undefined;
  readonly example: unknown;
}

/** The settings below one heading. */
export interface SettingGroup {
  readonly heading: string;
  readonly level: 2 | 3 | 4;
  readonly about: string;
  readonly rows: readonly SettingRow[];
  /** The kind whose settings these are: where it is chosen, and its name. */
  readonly kind?: { readonly path: readonly string[]; readonly key: string; readonly name: string };
}

const mapOf = (node: SchemaNode): SchemaNode | undefined => {
  if (node.properties !== undefined) return node;
  return optionsOf(node).find(({ properties }) => properties !== undefined);
};

function exampleOf(node: SchemaNode): unknown {
  const given = node.example ?? node.examples?.[0];
  if (given !== undefined) return given;
  if (node.default !== undefined) return node.default;
  return node.const ?? node.enum?.[0];
}

/** More names than these stand in a table of their own. */
const NAMES_IN_A_CELL = 8;

const isLong = (map: SchemaNode | undefined): boolean => Object.keys(map?.properties ?? {}).length > NAMES_IN_A_CELL;

function allowedIn(node: SchemaNode): string {
  if (isLong(node)) return 'a map of the settings below';
  return isLong(node.items) ? 'a list of at least 1, each a map of the settings below' : describeNode(node);
}

function rowOf(path: readonly string[], node: SchemaNode): SettingRow {
  return {
    path,
    about: node.description ?? '',
    allowed: allowedIn(node),
    default: node.default,
    unit: node.unit,
    example: exampleOf(node),
  };
}

function rowsIn(
  path: readonly string[],
  { properties = {} }: SchemaNode,
  leaveOut: readonly string[] = [],
): SettingRow[] {
  return Object.entries(properties)
    .filter(([name]) => !leaveOut.includes(name))
    .map(([name, node]) => rowOf([...path, name], node));
}

/** The settings inside a setting: those of each of its kinds, those of its map, and those of what its list holds. */
function groupsIn(path: readonly string[], node: SchemaNode, level: SettingGroup['level']): SettingGroup[] {
  const name = path.join('.');
  const key = discriminatorOf(node);
  const maps = optionsOf(node).filter(({ properties }) => properties !== undefined);
  if (key !== undefined && maps.length > 1)
    return maps.flatMap((map) => {
      const kind = String(map.properties![key]!.const);
      const rows = rowsIn(path, map, [key, 'name']);
      const about = map.properties![key]!.description ?? '';
      const own = { heading: `${name}: ${kind}`, level, about, rows, kind: { path, key, name: kind } };
      return [own, ...deeper(path, map, level)];
    });
  if (node.items !== undefined) return groupsIn(path, node.items, level);
  const map = mapOf(node);
  if (map === undefined) return [];
  const own = { heading: name, level, about: node.description ?? '', rows: rowsIn(path, map) };
  return [own, ...deeper(path, map, level)];
}

function deeper(
  path: readonly string[],
  { properties = {} }: SchemaNode,
  level: SettingGroup['level'],
): SettingGroup[] {
  return Object.entries(properties).flatMap(([name, node]) =>
    // Layers have a page of their own.
    name === 'layers' ? [] : groupsIn([...path, name], node, level === 2 ? 3 : 4),
  );
}

/** Settings that every source has, once, with the defaults of those that have others; then the own ones of each. */
function datasetGroups(node: SchemaNode): SettingGroup[] {
  const sources = optionsOf(node);
  const [first, ...others] = sources.map(({ properties }) => properties ?? {});
  const isSplit = (name: string): boolean => others.every((properties) => properties[name] !== undefined);
  const shared = Object.keys(first ?? {}).filter((name) => name !== 'source' && isSplit(name));
  const rows = shared.map((name) => {
    const row = rowOf(['dataset', name], first![name]!);
    const values = new Map<number | undefined, string[]>();
    for (const { properties } of sources) {
      const value = properties![name]!.default as number | undefined;
      values.set(value, [...(values.get(value) ?? []), String(properties!['source']!.const)]);
    }
    if (values.size === 1) return row;
    const texts = [...values].map(
      ([value, names]) => `${names.join(', ')}: ${value === undefined ? 'a tenth' : String(value)}`,
    );
    return { ...row, default: undefined, about: `${row.about}. Default: ${texts.join('; ')}` };
  });
  return [
    { heading: 'dataset', level: 2, about: `${node.description}. Every source has these settings:`, rows },
    ...sources.map((source): SettingGroup => {
      const { const: name, description = '' } = source.properties!['source']!;
      return {
        heading: `dataset: ${String(name)}`,
        level: 3,
        about: description,
        rows: rowsIn(['dataset'], source, ['source', ...shared]),
        kind: { path: ['dataset'], key: 'source', name: String(name) },
      };
    }),
  ];
}

/** Every setting of a manifest, from its JSON Schema, in the order of the page. */
export function manifestSettings(vocabulary: Vocabulary): SettingGroup[] {
  const schema = manifestJsonSchema(vocabulary) as SchemaNode;
  const { dataset, defaults, experiments, report, ...members } = schema.properties!;
  const settings = defaults!.properties!;
  const own = experiments!.items!.properties!;
  const names = SETTING_NAMES.filter((name) => name !== 'dataset');
  const order = { ...members, dataset: dataset!, defaults: defaults!, experiments: experiments!, report: report! };
  return [
    {
      heading: 'Members of a manifest',
      level: 2,
      about: '',
      rows: Object.entries(order).map(([name, node]) => rowOf([name], node)),
    },
    ...datasetGroups(dataset!),
    {
      heading: 'Settings of defaults and of experiments',
      level: 2,
      about:
        'What an experiment does not say, `defaults` say; what both leave out has the default below. Maps are merged member by member, unless `type` differs.',
      rows: names.map((name) => rowOf([name], settings[name]!)),
    },
    ...names.flatMap((name) => groupsIn([name], settings[name]!, 3)),
    {
      heading: 'An experiment',
      level: 2,
      about: `An element of \`experiments\`, which has all of those settings too, and \`dataset\` for changes of the dataset.`,
      rows: Object.entries(own)
        .filter(([name]) => !(SETTING_NAMES as readonly string[]).includes(name))
        .map(([name, node]) => rowOf([name], node)),
    },
    ...groupsIn(['search'], own['search']!, 3),
    ...groupsIn(['report'], report!, 2),
  ];
}
