import { displayUrl } from '../plans/display-url.ts';
import type { PlanDiff, RunFate } from '../plans/plan-diff.ts';
import { plural } from '../progress/format.ts';
import { hanging } from '../progress/hanging.ts';
import type { Style } from '../progress/style.ts';

const LABEL_WIDTH = 9;
/** Experiments that a line names. */
const NAMES_SHOWN = 6;

interface DiffSetting {
  readonly storeUrl: string;
  /** Whether the newest report is built of exactly what is there. */
  readonly isReported: boolean;
  readonly style: Style;
  readonly columns: number;
}

const LABELS: Readonly<Record<RunFate['kind'], string>> = {
  kept: 'kept',
  evaluated: 'evaluate',
  unfinished: 'train',
  changed: 'train',
  new: 'train',
};

/** What would be redone, and which changed settings are why; runs with the same reasons are told together. */
export function diffLines(diff: PlanDiff, setting: DiffSetting): string[] {
  const { storeUrl, isReported, style, columns } = setting;
  const where = displayUrl(storeUrl);
  const entry = (label: string, text: string): string[] =>
    hanging(label === '' ? '' : style.bold(label), text, { columns, labelWidth: LABEL_WIDTH });
  const groups = new Map<string, PlanDiff['runs'][number][]>();
  for (const each of diff.runs) {
    const key = JSON.stringify(each.fate);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const isDone = diff.runs.every(({ fate }) => fate.kind === 'kept');
  return [
    ...(diff.hasEarlier ? [] : [`no other plan of this manifest is kept in ${where}`, '']),
    ...[...groups.values()].flatMap((group) => {
      const { fate } = group[0]!;
      return [
        ...entry(LABELS[fate.kind], `${namesOf(group)}${whyText(fate, where)}`),
        ...(fate.kind === 'changed'
          ? fate.changes.flatMap(({ setting: name, from, to, because }) =>
              entry('', `${name} ${from} → ${to}: ${because}`),
            )
          : []),
      ];
    }),
    ...(diff.dropped.length > 0
      ? entry('dropped', `${listed(diff.dropped)}: no longer in the manifest; their results stay in ${where}`)
      : []),
    ...(isDone ? entry('report', isReported ? 'kept' : 'built again: nothing is trained') : []),
  ];
}

function namesOf(group: PlanDiff['runs']): string {
  const names = [...new Set(group.flatMap(({ run }) => run.experiments))];
  return `${listed(names)} (${plural(group.length, 'run')})`;
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return more > 1 ? `${names.slice(0, NAMES_SHOWN).join(', ')} and ${more} more` : names.join(', ');
}

function whyText(fate: RunFate, where: string): string {
  switch (fate.kind) {
    case 'kept':
      return `: finished in ${where}`;
    case 'evaluated':
      return ': trained; another evaluation is asked for';
    case 'unfinished':
      return ': begun or planned before, and not finished';
    case 'changed':
      return '';
    case 'new':
      return ': a new experiment';
  }
}
