import type * as z from 'zod';
import { valueAt } from './merge.ts';
import { nearestNames } from './nearest-names.ts';
import { didYouMean, type Place, showValue, type Problem } from './problem.ts';
import { describeNode, discriminatorValues, namesIn, nodeAt, type SchemaNode } from './schema-walk.ts';

type Issue = z.core.$ZodIssue;

/** What was validated, and how its paths are named and found in the file. */
export interface IssueContext {
  readonly schema: SchemaNode;
  readonly value: unknown;
  /** A prefix before a setting's name: `experiment "x": `, or nothing. */
  readonly subject: string;
  readonly locate: (path: readonly PropertyKey[], part: 'key' | 'value') => Place;
  /** Where to write a missing setting. */
  readonly whereToWrite: string;
}

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');

function unknownKeys(issue: Issue & { readonly code: 'unrecognized_keys' }, context: IssueContext): Problem[] {
  const schema = nodeAt(context.schema, issue.path, context.value);
  const allowed = schema === undefined ? [] : namesIn(schema, valueAt(context.value, issue.path));
  return issue.keys.map((key) => ({
    ...context.locate([...issue.path, key], 'key'),
    what: `${context.subject}unknown setting "${dotted([...issue.path, key])}"`,
    received: `"${key}": ${showValue(valueAt(context.value, [...issue.path, key]))}`,
    allowed: allowed.join(', '),
    fix: didYouMean(key, allowed, 'remove it, or use one of the names above'),
  }));
}

function missing(issue: Issue, context: IssueContext): Problem {
  const schema = nodeAt(context.schema, issue.path, context.value);
  const kinds = nodeAt(context.schema, issue.path.slice(0, -1), context.value);
  const allowed =
    issue.code === 'invalid_union' && kinds !== undefined
      ? discriminatorValues(kinds).join(', ')
      : schema === undefined
        ? undefined
        : describeNode(schema);
  return {
    ...context.locate(issue.path.slice(0, -1), 'key'),
    what: `${context.subject}the setting "${dotted(issue.path)}" is missing`,
    received: 'nothing',
    allowed,
    fix: `write ${dotted(issue.path)} ${context.whereToWrite}`,
  };
}

/** model.type → model, transforms.0.type → transform, dataset.source → source of a dataset. */
function kindNoun(path: readonly PropertyKey[]): string {
  if (path.at(-1) === 'source') return 'source of a dataset';
  const name = path.slice(0, -1).findLast((part) => typeof part === 'string') ?? 'type';
  return typeof path.at(-2) === 'number' ? name.replace(/s$/, '') : name;
}

/** A misspelled kind, such as `model.type: resnt`. */
function unknownKind(issue: Issue, context: IssueContext): Problem {
  const received = valueAt(context.value, issue.path);
  const of = nodeAt(context.schema, issue.path.slice(0, -1), context.value);
  const allowed = of === undefined ? [] : discriminatorValues(of);
  return {
    ...context.locate(issue.path, 'value'),
    what: `${context.subject}unknown ${kindNoun(issue.path)}`,
    received: showValue(received),
    allowed: allowed.join(', '),
    fix: didYouMean(String(received), allowed, `choose one of those for ${dotted(issue.path)}`),
  };
}

const REASONS: Partial<Record<Issue['code'], string>> = {
  invalid_type: 'has the wrong type',
  invalid_union: 'has the wrong type',
  too_small: 'is out of range',
  too_big: 'is out of range',
  invalid_value: 'is not one of the allowed values',
  invalid_format: 'has the wrong format',
};

function wrongValue(issue: Issue, context: IssueContext): Problem {
  const received = valueAt(context.value, issue.path);
  const schema = nodeAt(context.schema, issue.path, context.value);
  const allowed =
    issue.code === 'invalid_format' ? issue.message : schema === undefined ? issue.message : describeNode(schema);
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const name = dotted(issue.path);
  return {
    ...context.locate(issue.path, 'value'),
    what:
      name === ''
        ? `${context.subject}this has the wrong type`
        : `${context.subject}"${name}" ${REASONS[issue.code] ?? 'is not valid'}`,
    received: showValue(received),
    allowed,
    fix: didYouMean(
      String(received),
      choices,
      name === ''
        ? 'write what is allowed here'
        : `change ${name} to ${exampleOf(issue, received) ?? 'what is allowed'}`,
    ),
  };
}

/** A value like the received one that has the format which the setting needs. */
function exampleOf(issue: Issue, received: unknown): string | undefined {
  if (issue.code !== 'invalid_format' || typeof received !== 'string' || !('pattern' in issue)) return undefined;
  const like = received
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-');
  const pattern = String(issue.pattern).replaceAll(/^\/|\/$/g, '');
  return new RegExp(pattern).test(like) ? `"${like}"` : undefined;
}

/** What is wrong inside a value that only one kind of a union can have meant: a list or a map whose kind is right. */
function issuesInside(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [];
  const [meant, ...others] = issue.errors.filter((errors) =>
    errors.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  if (meant === undefined || others.length > 0) return [];
  return meant.map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
}

/** The problems behind one issue of a validation: several if the issue names several unknown keys. */
export function issueProblems(issue: Issue, context: IssueContext): Problem[] {
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, context);
  if (issue.code === 'custom') {
    const name = dotted(issue.path);
    return [
      {
        ...context.locate(issue.path, 'value'),
        what: `${context.subject}${issue.message}`,
        received: `${name === '' ? '' : `${name}: `}${showValue(valueAt(context.value, issue.path))}`,
      },
    ];
  }
  if (valueAt(context.value, issue.path) === undefined && issue.path.length > 0) return [missing(issue, context)];
  const inside = issuesInside(issue);
  if (inside.length > 0) return inside.flatMap((each) => issueProblems(each, context));
  if (issue.code === 'invalid_union' && 'discriminator' in issue && issue.discriminator !== undefined)
    return [unknownKind(issue, context)];
  return [wrongValue(issue, context)];
}

/** The names that a validation does not know, with the path of the map that each is in. */
export function misspelledIn(issues: readonly Issue[]): { readonly key: string; readonly parent: string }[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ key, parent: dotted(issue.path) })) : [],
  );
}

/**
 * Leaves out settings that are missing only because their names are misspelled; reporting the misspelling is enough.
 */
export function withoutConsequences(issues: readonly Issue[]): Issue[] {
  const unknown = misspelledIn(issues);
  return issues.filter(
    ({ path }) =>
      !unknown.some(
        ({ key, parent }) =>
          parent === dotted(path.slice(0, -1)) && nearestNames(key, [String(path.at(-1))]).length > 0,
      ),
  );
}

/**
 * Whether an issue only says that something is missing (so far), or concerns several settings of which some may be
 * missing.
 */
export function isIncompleteness(issue: Issue, value: unknown): boolean {
  if (issue.code === 'custom') return true;
  return issue.code !== 'unrecognized_keys' && issue.path.length > 0 && valueAt(value, issue.path) === undefined;
}
