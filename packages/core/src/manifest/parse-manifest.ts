import type { UserErrorParts } from '../user-error.ts';
import type { ManifestDocument } from './document-schema.ts';
import { checkPartialSettings, ExperimentReader, settingsOf } from './experiments.ts';
import type { Manifest, ManifestExperiment } from './manifest.ts';
import { ManifestSource } from './manifest-source.ts';
import { isObject, type JsonObject, mergeAt } from './merge.ts';
import { FoundProblems, mistakesError, type Place, type Problem, problemParts } from './problem.ts';
import { readDocument, type ReadDocument } from './read-document.ts';
import { resolveSections } from './report-sections.ts';
import { isOwnName, type SettingChange } from './setting-change.ts';
import { settingsSchema } from './settings-schema.ts';
import type { Vocabulary } from './vocabulary.ts';

function checkSettings(
  source: ManifestSource,
  { document, raw }: ReadDocument,
  schema: ReturnType<typeof settingsSchema>,
  notation: Vocabulary['notation'],
): Problem[] {
  const { defaults } = raw as { readonly defaults?: unknown };
  const check = (map: JsonObject, at: readonly PropertyKey[], subject: string): Problem[] =>
    checkPartialSettings(settingsOf(map, notation), subject, schema, (path, part) =>
      source.locate([...at, ...path], part),
    );
  return [
    ...(isObject(defaults) ? check(defaults, ['defaults'], 'defaults: ') : []),
    ...raw.experiments.flatMap((experiment, i) =>
      check(experiment, ['experiments', i], `experiment "${document.experiments[i]?.id}": `),
    ),
  ];
}

/** Checks changes on their own; a change inside a list can be checked only where the list is. */
function checkChanges(
  changes: readonly SettingChange[],
  schema: ReturnType<typeof settingsSchema>,
  notation: Vocabulary['notation'],
): Problem[] {
  return changes.flatMap(({ path, value, option }) => {
    if (path.some((part) => /^\d+$/.test(part))) return [];
    const alone = settingsOf(mergeAt({}, path, value) as JsonObject, notation);
    return checkPartialSettings(alone, '', schema, () => ({ line: 0, column: 0, option }));
  });
}

/** Ids must be unique among experiments and the points of their sweeps and searches. */
function duplicateIds(
  document: ManifestDocument,
  experiments: readonly ManifestExperiment[],
  source: ManifestSource,
): Problem[] {
  const problems: Problem[] = [];
  const written = new Map<string, number>();
  for (const [i, { id }] of document.experiments.entries()) {
    const before = written.get(id);
    if (before === undefined) written.set(id, i);
    else
      problems.push({
        ...source.locate(['experiments', i, 'id']),
        what: `the id "${id}" is used twice`,
        received: `"${id}", also on line ${source.locate(['experiments', before, 'id']).line}`,
        allowed: 'each id only once',
        fix: 'give one of the experiments another id',
      });
  }
  if (problems.length > 0) return problems;
  const made = new Map<string, string>();
  for (const { id, group, trial } of experiments) {
    const maker = trial === undefined ? 'sweep' : 'search';
    const other = made.get(id) ?? (id !== group && written.has(id) ? id : undefined);
    made.set(id, group);
    if (other === undefined) continue;
    const at = ['experiments', written.get(group)!];
    const fix =
      other === group
        ? 'remove one of the two values that are spelled alike'
        : 'give one of the experiments another id';
    problems.push({
      ...source.locate(other === group ? [...at, 'sweep'] : [...at, 'id']),
      what: `the ${maker} of "${group}" makes the id "${id}", which is used twice`,
      received: `"${id}", also from "${other}"`,
      allowed: 'each id only once',
      fix,
    });
  }
  return problems;
}

/** What a manifest's text gives. */
export interface ReadManifest {
  /** What can be read; of a manifest with mistakes, the experiments that have none. Undefined: nothing can be planned. */
  readonly manifest: Manifest | undefined;
  /** What is wrong, in the order of the file. */
  readonly mistakes: readonly UserErrorParts[];
}

export interface ReadOptions {
  readonly fileName: string;
  /** The architectures, sources and charts that it may name. */
  readonly vocabulary: Vocabulary;
  /** Settings of the command line, which hold for every experiment. */
  readonly changes?: readonly SettingChange[];
}

/** The manifest's value with the changes of its own members, and where each value stands. */
function changed(source: ManifestSource, changes: readonly SettingChange[]) {
  const own = changes.filter(isOwnName);
  const value = isObject(source.value)
    ? { ...source.value, ...Object.fromEntries(own.map(({ setting, value: given }) => [setting, given])) }
    : source.value;
  const locate = (path: readonly PropertyKey[], part: 'key' | 'value'): Place => {
    const change = own.find(({ setting }) => setting === path[0]);
    return change === undefined ? source.locate(path, part) : { line: 0, column: 0, option: change.option };
  };
  return { value, locate };
}

/**
 * Reads a manifest (YAML 1.2 or JSON) and checks all of it: merges every experiment with the defaults, expands sweeps
 * and searches, validates each point with the schema of its model, and resolves the report's patterns.
 * @throws UserError only if the text is not YAML, or has an alias or a key that manifests do not use.
 */
export function readManifest(text: string, { fileName, vocabulary, changes = [] }: ReadOptions): ReadManifest {
  const source = new ManifestSource(text, fileName);
  const found = new FoundProblems();
  const { value, locate } = changed(source, changes);
  const { problems, read } = readDocument(value, vocabulary, locate);
  found.add(problems);
  const mistakes = () => problemParts(fileName, found.all);
  if (read === undefined) return { manifest: undefined, mistakes: mistakes() };
  const { document } = read;
  const schema = settingsSchema(vocabulary);
  const settingChanges = changes.filter((change) => !isOwnName(change));
  found.add(checkChanges(settingChanges, schema, vocabulary.notation));
  found.add(checkSettings(source, read, schema, vocabulary.notation));
  const written = duplicateIds(document, [], source);
  found.add(written);
  const reader = new ExperimentReader(read, source, schema, vocabulary, settingChanges);
  const experiments = document.experiments.flatMap((_, i) => reader.read(i));
  found.add(reader.problems);
  if (written.length === 0) found.add(duplicateIds(document, experiments, source));
  const { sections, problems: unresolved } = resolveSections(
    document,
    experiments,
    source,
    vocabulary.charts,
    reader.unread,
  );
  found.add(unresolved);
  const title = document.title ?? document.name;
  const manifest: Manifest = {
    name: document.name,
    title,
    fileName,
    text:
      changes.length === 0 ? text : `${text.trimEnd()}\n# Changed: ${changes.map(({ typed }) => typed).join(' ')}\n`,
    experiments,
    locate: (id, setting) => reader.locationOf(id, setting),
    report: { title: document.report.title ?? title, text: document.report.text, sections },
  };
  return { manifest: read.datasetUnknown ? undefined : manifest, mistakes: mistakes() };
}

/**
 * Reads a manifest that has to be right.
 * @throws UserError that names file, line and column, the value received, what is allowed and what to change: the first
 * mistake in full, the others with one line each.
 */
export function parseManifest(text: string, options: ReadOptions): Manifest {
  const { manifest, mistakes } = readManifest(text, options);
  if (manifest === undefined || mistakes.length > 0) throw mistakesError(mistakes);
  return manifest;
}
