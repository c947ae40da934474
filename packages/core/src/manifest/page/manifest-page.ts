import type { Vocabulary } from '../vocabulary.ts';
import { manifestSettings, type SettingGroup, type SettingRow } from './manifest-settings.ts';

const OPENING = `# The manifest

A manifest is a YAML (or JSON) file that says what is trained and compared. Everything but the dataset and the models has
a default, so this one is complete:

\`\`\`yaml
name: first
dataset: { source: cifar10 }
experiments:
  - { id: resnet20, model: resnet20 }
  - { id: cifarnet, model: cifarnet }
\`\`\`

\`bakeoff init\` writes one from a template, \`bakeoff plan\` names every mistake in it, and editors that read its first line
(\`# yaml-language-server: $schema=schema/manifest.schema.json\`) complete and check it as you type. To change a setting of
every experiment for a try, without editing the file: \`bakeoff run first.yaml --set maxEpochs=1 --seeds 1\`.

This page is written by \`bakeoff schema --format md > docs/manifest.md\` from the schema that checks manifests. Layers of
networks of your own are in [networks.md](networks.md), what recipes are made of in [recipes.md](recipes.md), searches in
[search.md](search.md).
`;

/** A value as YAML on one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, member]) => `${name}: ${flow(member)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return typeof value === 'string' && !/^[A-Za-z][\w./ -]*$/.test(value) ? JSON.stringify(value) : String(value);
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`${cell(text)}\``;

function line({ path, about, allowed, default: byDefault, unit, example }: SettingRow): string {
  const name = path.at(-1)!;
  const cells = [
    code(path.join('.')),
    cell(about),
    cell(allowed),
    byDefault === undefined ? '' : code(flow(byDefault)),
    unit ?? '',
    example === undefined ? '' : code(`${name}: ${flow(example)}`),
  ];
  return `| ${cells.join(' | ')} |`;
}

function section({ heading, level, about, rows }: SettingGroup): string {
  const table =
    rows.length === 0
      ? []
      : [
          '| setting | what it does | values | default | unit | example |',
          '|---|---|---|---|---|---|',
          ...rows.map(line),
        ];
  return [
    `${'#'.repeat(level)} ${heading}`,
    ...(about === '' ? [] : [about]),
    ...(table.length > 0 ? [table.join('\n')] : []),
  ].join('\n\n');
}

/** Kinds without settings of their own, such as published networks, share one section. */
function withoutSettings(groups: readonly SettingGroup[]): string {
  const rows = groups.map(({ kind, about }) => `| ${code(`${kind!.key}: ${kind!.name}`)} | ${cell(about)} |`);
  return `### Without settings\n\n| kind | what it is |\n|---|---|\n${rows.join('\n')}`;
}

/** The Markdown page that lists every setting of a manifest with its values, default, unit and an example. */
export function manifestPage(vocabulary: Vocabulary): string {
  const sections: string[] = [];
  let bare: SettingGroup[] = [];
  for (const group of manifestSettings(vocabulary)) {
    if (group.rows.length === 0 && group.kind?.path[0] === 'model') {
      bare.push(group);
      continue;
    }
    if (bare.length > 0) sections.push(withoutSettings(bare));
    bare = [];
    sections.push(section(group));
  }
  return `${OPENING}\n${sections.join('\n\n')}\n`;
}
