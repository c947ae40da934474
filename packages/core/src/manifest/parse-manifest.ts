import { documentSchema, type ManifestDocument } from './document-schema.ts';
import { checkPartialSettings, ExperimentReader, settingsOf } from './experiments.ts';
import { issueProblems, withoutConsequences } from './issue-problem.ts';
import type { Manifest, ManifestExperiment } from './manifest.ts';
import { ManifestSource } from './manifest-source.ts';
import { isObject, type JsonObject } from './merge.ts';
import { problemsError, type Problem } from './problem.ts';
import { resolveSections } from './report-sections.ts';
import { schemaNode } from './schema-walk.ts';
import { settingsSchema } from './settings-schema.ts';
import type { Vocabulary } from './vocabulary.ts';

function parseDocument(source: ManifestSource, vocabulary: Vocabulary): ManifestDocument {
  const schema = documentSchema(vocabulary);
  const parsed = schema.safeParse(source.value);
  if (parsed.success) return parsed.data;
  const context = {
    schema: schemaNode(schema),
    value: source.value,
    subject: '',
    locate: source.locate.bind(source),
    whereToWrite: 'in the manifest',
  };
  throw problemsError(
    source.fileName,
    withoutConsequences(parsed.error.issues).flatMap((issue) => issueProblems(issue, context)),
  );
}

function checkSettings(
  source: ManifestSource,
  document: ManifestDocument,
  schema: ReturnType<typeof settingsSchema>,
  notation: Vocabulary['notation'],
): Problem[] {
  const raw = source.value as { readonly defaults?: unknown; readonly experiments: readonly JsonObject[] };
  const problems = isObject(raw.defaults)
    ? checkPartialSettings(settingsOf(raw.defaults, notation), ['defaults'], 'defaults: ', schema, source)
    : [];
  for (const [i, experiment] of raw.experiments.entries()) {
    problems.push(
      ...checkPartialSettings(
        settingsOf(experiment, notation),
        ['experiments', i],
        `experiment "${document.experiments[i]?.id}": `,
        schema,
        source,
      ),
    );
  }
  return problems;
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

/**
 * Reads a manifest (YAML 1.2 or JSON) and checks all of it: merges every experiment with the defaults, expands sweeps and searches,
 * validates each point with the schema of its model, and resolves the report's patterns.
 * @param vocabulary The architectures, sources and charts that it may name.
 * @throws UserError that names file, line and column, the value received, what is allowed and what to change: the first
 * problem in full, the others with one line each.
 */
export function parseManifest(
  text: string,
  { fileName, vocabulary }: { readonly fileName: string; readonly vocabulary: Vocabulary },
): Manifest {
  const source = new ManifestSource(text, fileName);
  const refuseIf = (problems: readonly Problem[]): void => {
    if (problems.length > 0) throw problemsError(fileName, problems);
  };
  const document = parseDocument(source, vocabulary);
  const schema = settingsSchema(vocabulary);
  refuseIf(checkSettings(source, document, schema, vocabulary.notation));
  refuseIf(duplicateIds(document, [], source));
  const reader = new ExperimentReader(document, source, schema, vocabulary);
  const experiments = document.experiments.flatMap((_, i) => reader.read(i));
  refuseIf(reader.problems);
  refuseIf(duplicateIds(document, experiments, source));
  const { sections, problems } = resolveSections(document, experiments, source, vocabulary.charts);
  refuseIf(problems);
  const title = document.title ?? document.name;
  return {
    name: document.name,
    title,
    fileName,
    text,
    experiments,
    locate: (id, setting) => reader.locationOf(id, setting),
    report: { title: document.report.title ?? title, text: document.report.text, sections },
  };
}
