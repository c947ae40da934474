import { globExpression } from '../glob.ts';
import type { ReportSection } from '../records/plan-records.ts';
import type { ManifestDocument } from './document-schema.ts';
import type { ManifestExperiment } from './manifest.ts';
import type { ManifestSource } from './manifest-source.ts';
import { didYouMean, type Problem } from './problem.ts';
import type { ChartVocabulary } from './vocabulary.ts';

/** Finds experiments by id, by the id of the experiment or search whose points they are, or by pattern. */
class ExperimentIndex {
  private readonly byName = new Map<string, string[]>();
  private readonly ids: readonly string[];

  /** @param unread Ids of experiments that have problems of their own: what may mean them is not reported again. */
  constructor(
    experiments: readonly ManifestExperiment[],
    private readonly unread: ReadonlySet<string>,
  ) {
    this.ids = experiments.map(({ id }) => id);
    for (const { id, group, trial } of experiments) {
      for (const name of new Set([id, group, trial?.search ?? id])) {
        const known = this.byName.get(name);
        if (known === undefined) this.byName.set(name, [id]);
        else known.push(id);
      }
    }
  }

  /** Whether a pattern may mean points of experiments that could not be read. */
  mayBe(pattern: string): boolean {
    if (/[*?]/.test(pattern)) return this.unread.size > 0;
    return [...this.unread].some((id) => pattern === id || pattern.startsWith(`${id}-`));
  }

  find(pattern: string): readonly string[] {
    if (!/[*?]/.test(pattern)) return this.byName.get(pattern) ?? [];
    const expression = globExpression(pattern);
    return this.ids.filter((id) => expression.test(id));
  }

  unmatched(pattern: string): Pick<Problem, 'received' | 'allowed' | 'fix'> {
    const names = [...new Set([...this.byName.keys(), ...this.unread])];
    const listed = names.slice(0, 20).join(', ');
    return {
      received: `"${pattern}"`,
      allowed: names.length > 20 ? `${listed}, and ${names.length - 20} more` : listed,
      fix: didYouMean(
        pattern.replaceAll(/[*?]/g, ''),
        names,
        'name an experiment of this manifest, or a pattern such as resnet20-*',
      ),
    };
  }
}

/** The report's sections with patterns and defaults resolved; `unread` are the ids of experiments with problems. */
export function resolveSections(
  document: ManifestDocument,
  experiments: readonly ManifestExperiment[],
  source: ManifestSource,
  chartVocabulary: ChartVocabulary,
  unread: ReadonlySet<string>,
): { readonly sections: readonly ReportSection[]; readonly problems: readonly Problem[] } {
  const idsOf = (holds: (experiment: ManifestExperiment) => boolean): ReadonlySet<string> =>
    new Set(experiments.filter(holds).map(({ id }) => id));
  const swept = idsOf(({ sweepValues }) => Object.keys(sweepValues).length > 0);
  const trials = idsOf(({ trial }) => trial !== undefined);
  const defaultCharts = (ids: readonly string[]) =>
    chartVocabulary.defaults({ swept: ids.some((id) => swept.has(id)), searched: ids.some((id) => trials.has(id)) });
  const written = document.report.sections;
  if (written === undefined) {
    const all = experiments.map(({ id }) => id);
    return {
      sections: [{ title: 'All experiments', text: '', experiments: all, charts: defaultCharts(all), baseline: null }],
      problems: [],
    };
  }
  const index = new ExperimentIndex(experiments, unread);
  const problems: Problem[] = [];
  const sections = written.map(({ title, text, runs, charts, baseline }, number): ReportSection => {
    const at = ['report', 'sections', number];
    const chosen = new Set<string>();
    for (const [i, pattern] of runs.entries()) {
      const found = index.find(pattern);
      if (found.length === 0 && !index.mayBe(pattern))
        problems.push({
          ...source.locate([...at, 'runs', i]),
          what: `section "${title}": no experiment matches`,
          ...index.unmatched(pattern),
        });
      for (const id of found) chosen.add(id);
    }
    const [first, ...others] = baseline === undefined ? [] : index.find(baseline);
    const isUnread = baseline !== undefined && first === undefined && index.mayBe(baseline);
    if (baseline !== undefined && !isUnread && (first === undefined || others.length > 0 || !chosen.has(first))) {
      problems.push({
        ...source.locate([...at, 'baseline']),
        what: `section "${title}": the baseline is not a single experiment of the section`,
        ...index.unmatched(baseline),
        allowed: [...chosen].slice(0, 20).join(', '),
      });
    } else if (first !== undefined && trials.has(first)) {
      problems.push({
        ...source.locate([...at, 'baseline']),
        what: `section "${title}": a trial of a search cannot be the baseline, because only training shows which trial is compared`,
        received: `"${baseline}"`,
        allowed:
          [...chosen]
            .filter((id) => !trials.has(id))
            .slice(0, 20)
            .join(', ') || 'an experiment without a search',
        fix: 'name an experiment that is not searched, or remove the baseline',
      });
    }
    return {
      title,
      text,
      experiments: [...chosen],
      charts: charts ?? defaultCharts([...chosen]),
      baseline: first ?? null,
    };
  });
  return { sections, problems };
}
