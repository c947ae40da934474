import type * as z from 'zod';
import { assign, expanded } from './assign-setting.ts';
import { type EvaluationConfig, evaluationText } from './evaluation-schema.ts';
import { isIncompleteness, issueProblems, withoutConsequences } from './issue-problem.ts';
import type { ManifestExperiment } from './manifest.ts';
import type { ManifestSource } from './manifest-source.ts';
import { merge, valueAt, type JsonObject } from './merge.ts';
import { nearestNames } from './nearest-names.ts';
import { type Place, placeText, type Problem, showValue } from './problem.ts';
import type { ReadDocument } from './read-document.ts';
import { namesIn, nodeAt, schemaNode, type SchemaNode } from './schema-walk.ts';
import {
  BUILT_IN_DEFAULTS,
  datasetOf,
  recipeOf,
  SETTING_NAMES,
  type settingsSchema,
  SPANS_SETTINGS,
} from './settings-schema.ts';
import type { SettingChange } from './setting-change.ts';
import type { Search } from './search.ts';
import { pointsOfSearch, type TrialPoint } from './search-points.ts';
import { countPoints, namePoint, sweepPoints, type Assignment, type SweepFault } from './sweep.ts';
import { noSuchSetting, readVariations } from './variations.ts';

import type { Vocabulary } from './vocabulary.ts';

type SettingsSchema = ReturnType<typeof settingsSchema>;

/** More would not fit into a report or a plan, and nobody would wait for them. */
const MAXIMUM_POINTS = 100_000;

/** Enough to see what is wrong. A mistake in defaults would repeat for each experiment. */
const ENOUGH_PROBLEMS = 20;

const startsWith = (path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean =>
  start.every((part, i) => String(path[i]) === String(part));

/** The settings among the members of `defaults` or of an experiment, with the model's shorthand expanded. */
export function settingsOf(map: JsonObject, notation: Vocabulary['notation']): JsonObject {
  const settings = Object.entries(map).filter(([name]) => (SETTING_NAMES as readonly string[]).includes(name));
  return expanded(Object.fromEntries(settings), notation);
}

/**
 * Checks the settings in one place on their own. What is missing there, or spans several settings, may come from
 * elsewhere.
 */
export function checkPartialSettings(
  value: JsonObject,
  subject: string,
  schema: SettingsSchema,
  locate: (path: readonly PropertyKey[], part: 'key' | 'value') => Place,
): Problem[] {
  const { error } = schema.safeParse(value);
  const issues = (error?.issues ?? []).filter((issue) => !isIncompleteness(issue, value));
  if (issues.length === 0) return [];
  const node = schemaNode(schema);
  return issues.flatMap((issue) => issueProblems(issue, { schema: node, value, subject, locate, whereToWrite: '' }));
}

function sweepFault({ at, ...rest }: SweepFault, index: number, subject: string, source: ManifestSource): Problem {
  return { ...source.locate(['experiments', index, ...at], 'key'), ...rest, what: `${subject}${rest.what}` };
}

/** Where the name of an assigned setting is written, below the experiment. */
const nameOf = ({ at, setting }: Assignment): Assignment['at'] => at.slice(0, at.indexOf(setting) + 1);

/** Whether an issue is about one setting's value: rules that span several are checked at the points themselves. */
const isOfOneSetting = ({ code }: z.core.$ZodIssue): boolean => code !== 'custom';

const spansSettings = (issue: z.core.$ZodIssue): boolean => issue.code === 'custom' && issue.params === SPANS_SETTINGS;

/** What a title says of the evaluation; swept settings are in the name of their point. */
function atTestTime({ flip, translate }: EvaluationConfig, sweepValues: ManifestExperiment['sweepValues']): string {
  const isSwept = (name: string) => 'evaluation' in sweepValues || `evaluation.${name}` in sweepValues;
  const text = evaluationText({
    flip: flip && !isSwept('flip'),
    translate: isSwept('translate') ? 0 : translate,
  });
  return text === '' ? '' : ` with test-time ${text}`;
}

/** Reads the experiments of one document. `read` returns the points of one experiment and collects its problems. */
export class ExperimentReader {
  readonly problems: Problem[] = [];
  private points = 0;
  /** Where each experiment's settings come from, by its id. */
  private readonly origins = new Map<string, { readonly index: number; readonly point: readonly Assignment[] }>();
  /** Ids of the experiments that have problems, so that not all their points are known. */
  readonly unread = new Set<string>();
  private node: SchemaNode | undefined;
  private readonly document: ReadDocument['document'];
  private readonly raw: {
    readonly dataset?: unknown;
    readonly defaults?: JsonObject;
    readonly experiments: readonly JsonObject[];
  };

  constructor(
    private readonly written: ReadDocument,
    private readonly source: ManifestSource,
    private readonly schema: SettingsSchema,
    private readonly vocabulary: Vocabulary,
    private readonly changes: readonly SettingChange[],
  ) {
    this.document = written.document;
    this.raw = written.raw;
  }

  read(index: number): ManifestExperiment[] {
    const { id } = this.document.experiments[index]!;
    const before = this.problems.length;
    const points = before > ENOUGH_PROBLEMS ? [] : this.readPoints(index);
    if (points.length === 0 || this.problems.length > before || this.written.incomplete.has(index)) this.unread.add(id);
    return points;
  }

  private readPoints(index: number): ManifestExperiment[] {
    const { id } = this.document.experiments[index]!;
    const subject = `experiment "${id}": `;
    const base = this.baseOf(index, subject);
    if (base === undefined) return [];
    const { dimensions, search, faults } = readVariations(this.document.experiments[index]!);
    const known = [...faults];
    this.problems.push(...this.variedChanges([...dimensions.flat(), ...(search?.dimensions ?? [])], subject));
    this.points += known.length > 0 ? 0 : countPoints(dimensions) * (search?.trials ?? 1);
    if (this.points > MAXIMUM_POINTS)
      known.push({
        at: search !== undefined ? ['search'] : dimensions.length > 0 ? ['sweep'] : [],
        what: `with this experiment the manifest has ${this.points} points`,
        received: String(this.points),
        allowed: `at most ${MAXIMUM_POINTS}`,
        fix: 'sweep fewer values, search fewer trials, or write several manifests',
      });
    if (known.length > 0) {
      this.problems.push(...known.map((fault) => sweepFault(fault, index, subject, this.source)));
      return [];
    }
    const experiments: ManifestExperiment[] = [];
    for (const sweepPoint of sweepPoints(dimensions)) {
      for (const trialPoint of this.pointsAt(base, sweepPoint, search, index, subject)) {
        const settings = this.parsePoint(base, trialPoint.point, index, subject);
        if (settings !== undefined) experiments.push(this.experimentAt(sweepPoint, trialPoint, settings, index));
        else if (this.problems.length > ENOUGH_PROBLEMS) return experiments;
      }
    }
    return experiments;
  }

  /** The settings of an experiment before it varies any; undefined if a change cannot be made. */
  private baseOf(index: number, subject: string): JsonObject | undefined {
    const { notation } = this.vocabulary;
    const own = settingsOf(this.raw.experiments[index]!, notation);
    let base: unknown = [
      { dataset: this.raw.dataset },
      settingsOf(this.raw.defaults ?? {}, notation),
      own,
    ].reduce<unknown>(merge, BUILT_IN_DEFAULTS);
    for (const { setting, path, value, option } of this.changes) {
      const assigned = assign(base, { setting, path, value, at: [option] }, notation);
      if ('what' in assigned) {
        const { at: _at, ...fault } = assigned;
        this.problems.push({ line: 0, column: 0, option, ...fault, what: `${subject}${fault.what}` });
        return undefined;
      }
      base = assigned.settings;
    }
    return base as JsonObject;
  }

  /** What is wrong with changes of settings that an experiment varies itself. */
  private variedChanges(varied: readonly { readonly setting: string }[], subject: string): Problem[] {
    return this.changes.flatMap(({ setting, option, value }) => {
      const own = varied.find((axis) => setting === axis.setting || setting.startsWith(`${axis.setting}.`));
      if (own === undefined) return [];
      const what = `${subject}${own.setting} varies in this experiment, so that it cannot be set`;
      const fix = `leave ${option} out, or change the experiment in the manifest`;
      return [{ line: 0, column: 0, option, what, received: showValue(value), fix }];
    });
  }

  /** `file:line:column` of a setting of an experiment that was read, or the option that gave it. */
  locationOf(id: string, setting: readonly PropertyKey[]): string {
    const { index, point } = this.origins.get(id)!;
    return placeText(this.source.fileName, this.locate(setting, 'value', index, point));
  }

  private experimentAt(
    sweepPoint: readonly Assignment[],
    { point, trial }: TrialPoint,
    settings: z.output<SettingsSchema>,
    index: number,
  ): ManifestExperiment {
    const { id, title } = this.document.experiments[index]!;
    const { line, column } = this.source.locate(['experiments', index]);
    const { idSuffix, titleSuffix, sweepValues } = namePoint(sweepPoint);
    const varied = { ...sweepValues, ...trial?.values };
    const [search, searchTitle] = [
      id + idSuffix,
      (title ?? id) + atTestTime(settings.evaluation, varied) + titleSuffix,
    ];
    const named =
      trial === undefined
        ? { id: search, title: searchTitle }
        : {
            id: `${search}-trial-${trial.number}`,
            title: `${searchTitle}, trial ${trial.number}`,
            trial: { search, ...trial },
          };
    this.origins.set(named.id, { index, point });
    return {
      ...named,
      group: id,
      sweepValues,
      dataset: datasetOf(settings, this.vocabulary),
      recipe: recipeOf(settings, this.vocabulary),
      evaluation: settings.evaluation,
      seeds: settings.seeds,
      location: `${this.source.fileName}:${line}:${column}`,
    };
  }

  /** The points of an experiment at one point of its sweep: the trials of its search, or that point itself. */
  private pointsAt(
    base: JsonObject,
    sweepPoint: readonly Assignment[],
    search: Search | undefined,
    index: number,
    subject: string,
  ): readonly TrialPoint[] {
    if (search === undefined) return [{ point: sweepPoint }];
    this.node ??= schemaNode(this.schema);
    const { points, faults, probes } = pointsOfSearch(search, sweepPoint, {
      base,
      schema: this.node,
      notation: this.vocabulary.notation,
    });
    const before = this.problems.length;
    this.problems.push(...faults.map((fault) => sweepFault(fault, index, subject, this.source)));
    for (const probe of probes) this.parsePoint(base, probe, index, subject, isOfOneSetting);
    return this.problems.length > before ? [] : points;
  }

  private parsePoint(
    base: JsonObject,
    writtenPoint: readonly Assignment[],
    index: number,
    subject: string,
    concerns: (issue: z.core.$ZodIssue) => boolean = () => true,
  ): z.output<SettingsSchema> | undefined {
    const { notation } = this.vocabulary;
    let value: unknown = base;
    const point: Assignment[] = [];
    for (const written of writtenPoint) {
      const assigned = assign(value, written, notation);
      if ('what' in assigned) {
        this.problems.push(sweepFault(assigned, index, subject, this.source));
        return undefined;
      }
      point.push(assigned.assignment);
      value = assigned.settings;
    }
    const parsed = this.schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const own = parsed.error.issues.filter((issue) => !spansSettings(issue));
    this.problems.push(
      ...withoutConsequences(own.length > 0 ? own : parsed.error.issues)
        .filter((issue) => concerns(issue) && !this.isKnown(issue, value))
        .flatMap((issue) => this.pointProblems(issue, value, point, index, subject)),
    );
    return undefined;
  }

  /** Whether an issue is the consequence of what is known to be wrong with the manifest's members. */
  private isKnown({ path }: z.core.$ZodIssue, value: unknown): boolean {
    const { datasetUnknown, misspelled } = this.written;
    const [name] = path;
    if (name === 'dataset' && datasetUnknown) return true;
    return (
      path.length === 1 &&
      valueAt(value, path) === undefined &&
      misspelled.some((known) => nearestNames(known, [String(name)]).length > 0)
    );
  }

  private pointProblems(
    issue: z.core.$ZodIssue,
    value: unknown,
    point: readonly Assignment[],
    index: number,
    subject: string,
  ): Problem[] {
    this.node ??= schemaNode(this.schema);
    if (issue.code === 'unrecognized_keys') {
      const key = issue.keys[0]!;
      const assignment = point.find(({ path }) => startsWith(path, [...issue.path, key]));
      const node = nodeAt(this.node, issue.path, value);
      if (assignment !== undefined && node !== undefined) {
        const names = namesIn(node, valueAt(value, issue.path)).map((name) => [...issue.path, name].join('.'));
        return [
          sweepFault(
            noSuchSetting(nameOf(assignment), assignment.setting, [...issue.path, key].join('.'), names),
            index,
            subject,
            this.source,
          ),
        ];
      }
    }
    const from = point.find(({ path }) => startsWith(issue.path, path))?.at[0];
    const locate = (path: readonly PropertyKey[], part: 'key' | 'value'): Place =>
      this.locate(path, part, index, point);
    return issueProblems(issue, {
      schema: this.node,
      value,
      subject: from === undefined ? subject : `${subject}${from === 'search' ? 'searched' : 'swept'} value: `,
      locate,
      whereToWrite: 'in the experiment or in defaults',
    });
  }

  /** A merged setting comes from the first that has it of the sweep, the experiment, the defaults and the dataset. */
  private locate(
    path: readonly PropertyKey[],
    part: 'key' | 'value',
    index: number,
    point: readonly Assignment[],
  ): Place {
    const { raw, source } = this;
    for (let length = path.length; length > 0; length--) {
      const at = path.slice(0, length);
      const exact = length === path.length ? part : 'value';
      const assignment = point.find((candidate) => startsWith(at, candidate.path));
      if (assignment !== undefined)
        return source.locate(['experiments', index, ...assignment.at, ...at.slice(assignment.path.length)], exact);
      const change = this.changes.find((candidate) => startsWith(at, candidate.path));
      if (change !== undefined) return { line: 0, column: 0, option: change.option };
      if (valueAt(raw.experiments[index], at) !== undefined) return source.locate(['experiments', index, ...at], exact);
      if (valueAt(raw.defaults, at) !== undefined) return source.locate(['defaults', ...at], exact);
      const through = point.find((candidate) => startsWith(candidate.path, at));
      if (through !== undefined) return source.locate(['experiments', index, ...nameOf(through)], 'key');
      if (valueAt(raw, at) !== undefined && at[0] === 'dataset') return source.locate(at, exact);
    }
    return source.locate(['experiments', index]);
  }
}
