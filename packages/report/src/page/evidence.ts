import type { CheckpointComparison, RecipeComparison } from '@bakeoff/core';
import { grouped, pValue, percentInterval, points, significant } from '@bakeoff/statistics/formats';
import type { ReportData, ReportSectionData } from '../data/report-data.ts';
import { sectionNames } from '../names/section-names.ts';
import { termed } from './glossary.ts';
import { type Html, html, written } from './html.ts';

const VERDICTS = {
  better: '▲ better',
  worse: '▼ worse',
  suggestive: '∿ suggestive',
  noEvidence: '≈ no evidence',
} as const;
const HOLM = html`<a class="term" href="#term-holm">Adjusted</a>`;
/** Rows of an evidence table on the page; report.json has all of them. */
const MAX_EVIDENCE = 150;

/** What the section calls its experiments, by id. */
type Names = ReadonlyMap<string, string>;

const nameById = (names: Names, id: string): Html => written(names.get(id) ?? id);
const seedOf = (data: ReportData, runId: string): string =>
  String(data.runs.find((run) => run.runId === runId)?.seed ?? '?');

function recipeEvidence(names: Names, pairs: readonly RecipeComparison[], number: number): Html | null {
  if (pairs.length === 0) return null;
  const rows = pairs
    .slice(0, MAX_EVIDENCE)
    .map(
      (p) =>
        html`<tr><th scope="row">${nameById(names, p.a.experimentId)}</th><td>${nameById(names, p.b.experimentId)}</td><td class="n" data-v="${p.difference}">${points(p.difference)}</td><td class="n">${percentInterval(p.interval)}</td><td class="n">${significant(p.statistic, 3)}</td><td class="n">${significant(p.degreesOfFreedom, 3)}</td><td class="n" data-v="${p.pValue}">${pValue(p.pValue)}</td><td class="n" data-v="${p.adjustedPValue}">${pValue(p.adjustedPValue)}</td><td>${termed(VERDICTS[p.verdict])}</td></tr>`,
    );
  return html`<h4>Recipes over seeds and images</h4><div class="table-scroll" tabindex="0" role="region" aria-label="Comparison of recipes, section ${number}"><table><thead><tr><th scope="col" class="left">Recipe</th><th scope="col" class="left">against</th><th scope="col" class="n">Difference</th><th scope="col" class="n">${termed('95 % interval')}</th><th scope="col" class="n">t</th><th scope="col" class="n">Degrees of freedom</th><th scope="col" class="n">p</th><th scope="col" class="n">${HOLM}</th><th scope="col" class="left">Verdict</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function checkpointEvidence(
  data: ReportData,
  names: Names,
  pairs: readonly CheckpointComparison[],
  number: number,
): Html | null {
  if (pairs.length === 0) return null;
  const rows = pairs
    .slice(0, MAX_EVIDENCE)
    .map(
      (p) =>
        html`<tr><th scope="row">${nameById(names, p.a.experimentId)}, seed ${seedOf(data, p.a.runId)}</th><td>${nameById(names, p.b.experimentId)}, seed ${seedOf(data, p.b.runId)}</td><td class="n">${grouped(p.counts.both)}</td><td class="n">${grouped(p.counts.onlyA)}</td><td class="n">${grouped(p.counts.onlyB)}</td><td class="n">${grouped(p.counts.neither)}</td><td class="n" data-v="${p.difference}">${points(p.difference)}</td><td class="n">${percentInterval(p.interval)}</td><td class="n" data-v="${p.pValue}">${pValue(p.pValue)}</td><td class="n" data-v="${p.adjustedPValue}">${pValue(p.adjustedPValue)}</td><td>${termed(VERDICTS[p.verdict])}</td></tr>`,
    );
  return html`<h4>${termed('Trained models on the same images (exact McNemar test)')}</h4><div class="table-scroll" tabindex="0" role="region" aria-label="Comparison of trained models, section ${number}"><table><thead><tr><th scope="col" class="left">Model</th><th scope="col" class="left">against</th><th scope="col" class="n">Both correct</th><th scope="col" class="n">Only first</th><th scope="col" class="n">Only second</th><th scope="col" class="n">Neither</th><th scope="col" class="n">Difference</th><th scope="col" class="n">${termed('95 % interval')}</th><th scope="col" class="n">p</th><th scope="col" class="n">${HOLM}</th><th scope="col" class="left">Verdict</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Every compared pair of the section, folded; null if none was compared. */
export function evidenceMarkup(data: ReportData, section: ReportSectionData, number: number): Html | null {
  const { checkpoints, recipePairs, scheme } = section;
  if (checkpoints.length + recipePairs.length === 0) return null;
  const compared = [...section.experiments, ...(section.baseline === null ? [] : [section.baseline])];
  const names: Names = new Map(
    [...sectionNames(data, compared).names].map(([experiment, name]) => [data.experiments[experiment]!.id, name]),
  );
  const isCut = Math.max(checkpoints.length, recipePairs.length) > MAX_EVIDENCE;
  return html`<details><summary>Evidence: ${scheme === 'all' ? 'every pair' : 'each against the baseline'}</summary>${recipeEvidence(names, recipePairs, number)}${checkpointEvidence(data, names, checkpoints, number)}${isCut ? html`<p class="note">Only the first ${MAX_EVIDENCE} of each kind are shown; report.json has all of them.</p>` : null}</details>`;
}
