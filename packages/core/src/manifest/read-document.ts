import type * as z from 'zod';
import { documentSchema, type ManifestDocument } from './document-schema.ts';
import { issueProblems, misspelledIn, withoutConsequences } from './issue-problem.ts';
import { isObject, type JsonObject } from './merge.ts';
import type { Place, Problem } from './problem.ts';
import { schemaNode } from './schema-walk.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A manifest's members as far as they can be read. What is wrong has been replaced by stand-ins, or left out. */
export interface ReadDocument {
  readonly document: ManifestDocument;
  /** What `document` was made from. */
  readonly raw: JsonObject & { readonly experiments: readonly JsonObject[] };
  /** Whether the dataset is a stand-in. */
  readonly datasetUnknown: boolean;
  /** The places in the list of experiments of those that are not known completely. */
  readonly incomplete: ReadonlySet<number>;
  /** Unknown names of members of experiments and of defaults: one like a missing setting's is that setting, misspelled. */
  readonly misspelled: readonly string[];
}

type Issue = z.core.$ZodIssue;
type Growing = Record<string, unknown>;

/** A mended manifest may show other problems, which have the same cause; more than a few turns mean it cannot be read. */
const TURNS = 4;

/** A dataset of a source that needs no settings, so that the rest of the manifest can be read. */
function datasetStandIn({ sources }: Vocabulary): unknown {
  const source = Object.keys(sources).find((name) => sources[name]!.schema.safeParse({ source: name }).success);
  return source === undefined ? undefined : { source };
}

class Mending {
  private readonly value: Growing;
  readonly incomplete = new Set<number>();
  datasetUnknown = false;

  constructor(
    value: JsonObject,
    private readonly vocabulary: Vocabulary,
  ) {
    this.value = structuredClone(value);
  }

  /** Takes out what an issue is about. Returns false if nothing is left that could be read. */
  mend(issue: Issue): boolean {
    const { path } = issue;
    const [member, at, name] = path;
    if (issue.code === 'unrecognized_keys' && member !== 'dataset') {
      const map = path.reduce<unknown>((inner, part) => (inner as Growing)[part as string], this.value) as Growing;
      for (const key of issue.keys) delete map[key];
      return true;
    }
    if (member === 'name') this.value['name'] = 'manifest';
    else if (member === 'dataset') {
      this.datasetUnknown = true;
      this.value['dataset'] = datasetStandIn(this.vocabulary);
      return this.value['dataset'] !== undefined;
    } else if (member === 'experiments') return typeof at === 'number' && this.mendExperiment(at, name);
    else if (member === 'report' && at === 'sections' && typeof name === 'number') this.mendSection(name, path[3]);
    else if (member === 'report' && at !== undefined) delete (this.value['report'] as Growing)[at as string];
    else if (member !== undefined) delete this.value[member as string];
    return member !== undefined;
  }

  private mendExperiment(index: number, name: PropertyKey | undefined): boolean {
    const experiments = this.value['experiments'] as unknown[];
    const experiment = experiments[index];
    this.incomplete.add(index);
    if (!isObject(experiment)) experiments[index] = { id: `experiment-${index + 1}` };
    else if (name === 'id') (experiment as Growing)['id'] = `experiment-${index + 1}`;
    else if (name !== undefined) delete (experiment as Growing)[name as string];
    return true;
  }

  private mendSection(index: number, name: PropertyKey | undefined): void {
    const sections = (this.value['report'] as Growing)['sections'] as unknown[];
    if (name === 'text' || name === 'charts' || name === 'baseline') delete (sections[index] as Growing)[name];
    else sections[index] = { title: 'section', runs: ['*'] };
  }

  get mended(): ReadDocument['raw'] {
    return this.value as ReadDocument['raw'];
  }
}

/**
 * Reads the members of a manifest, and what is wrong with them.
 * @param locate The place of the value, or of its key, at a path.
 */
export function readDocument(
  value: unknown,
  vocabulary: Vocabulary,
  locate: (path: readonly PropertyKey[], part: 'key' | 'value') => Place,
): { readonly problems: readonly Problem[]; readonly read: ReadDocument | undefined } {
  const schema = documentSchema(vocabulary);
  const first = schema.safeParse(value);
  const issues = first.error?.issues ?? [];
  const context = { value, subject: '', locate, whereToWrite: 'in the manifest' };
  const problems =
    issues.length === 0
      ? []
      : withoutConsequences(issues).flatMap((issue) =>
          issueProblems(issue, { ...context, schema: schemaNode(schema) }),
        );
  if (!isObject(value)) return { problems, read: undefined };
  if (first.success) {
    const raw = value as ReadDocument['raw'];
    const known = { datasetUnknown: false, incomplete: new Set<number>(), misspelled: [] };
    return { problems, read: { document: first.data, raw, ...known } };
  }
  const mending = new Mending(value, vocabulary);
  const document = mendedDocument(schema, mending, issues);
  if (document === undefined) return { problems, read: undefined };
  const { mended: raw, datasetUnknown, incomplete } = mending;
  const misspelled = misspelledIn(issues).map(({ key }) => key);
  return { problems, read: { document, raw, datasetUnknown, incomplete, misspelled } };
}

function mendedDocument(
  schema: ReturnType<typeof documentSchema>,
  mending: Mending,
  first: readonly Issue[],
): ManifestDocument | undefined {
  let issues = first;
  for (let turn = 0; turn < TURNS; turn++) {
    if (!issues.every((issue) => mending.mend(issue))) return undefined;
    const { success, data, error } = schema.safeParse(mending.mended);
    if (success) return data;
    issues = error.issues;
  }
  return undefined;
}
