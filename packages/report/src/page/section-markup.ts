import type { CheckpointComparison, RecipeComparison } from '@bakeoff/core';
import { isDecided, mean } from '@bakeoff/statistics';
import {
  grouped,
  pValue,
  percent,
  percentInterval,
  points,
  pointsApart,
  scaled,
  significant,
} from '@bakeoff/statistics/formats';
import { SCORE_FIGURES } from '@bakeoff/statistics/metrics';
import { groupAccuracy, leading, sectionGroups } from '../charts/groups.ts';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData, ReportSectionData } from '../data/report-data.ts';
import { clip } from '../text/clip.ts';
import { listed } from '../text/listed.ts';
import { plural } from '../text/plural.ts';
import { figure } from './figure.ts';
import { type Html, html, written } from './html.ts';
import { swatch } from './swatch.ts';
import { markdown } from './markdown.ts';

const VERDICTS = {
  better: '▲ better',
  worse: '▼ worse',
  suggestive: '∿ suggestive',
  noEvidence: '≈ no evidence',
} as const;
/** Rows of an evidence table on the page; report.json has all of them. */
const MAX_EVIDENCE = 150;
const MAX_FINDINGS = 6;
const MAX_ROWS = 40;
const SECTION_FIGURES = SCORE_FIGURES.filter(({ shownIn }) => shownIn.includes('sections'));

const titleById = (data: ReportData, id: string): Html =>
  written(clip(data.experiments.find((e) => e.id === id)?.title ?? id, 60));
const seedOf = (data: ReportData, runId: string): string =>
  String(data.runs.find((run) => run.runId === runId)?.seed ?? '?');

/** The section's experiments with their figures over seeds. */
function experimentTable(data: ReportData, section: ReportSectionData, number: number): Html {
  const rows = leading(data, sectionGroups(data, section.experiments), MAX_ROWS).map((group) => {
    const { experiment: index } = group;
    const experiment = data.experiments[index]!;
    const runs = experiment.runs.flatMap((i) => data.runs[i] ?? []);
    const accuracy = groupAccuracy(data, group);
    const evaluated = runs.filter((run) => run.evaluation);
    const figures = SECTION_FIGURES.map(({ of, format }) => {
      const values = evaluated.flatMap((run) => of(run.evaluation!.test) ?? []);
      return html`<td class="n">${values.length === 0 ? '–' : format(mean(values))}</td>`;
    });
    const baseline = section.baseline === index ? html` <span class="tag">baseline</span>` : null;
    const of = accuracy?.intervalOf === 'seeds' ? 'mean' : 'images';
    const seeds = evaluated.length === runs.length ? String(runs.length) : `${evaluated.length} of ${runs.length}`;
    return html`<tr><th scope="row" class="name">${swatch(group.style)}${written(group.name)}${baseline}</th>${
      accuracy
        ? html`<td class="n" data-v="${accuracy.mean}"><b>${percent(accuracy.mean)}</b>${accuracy.standardDeviation === null ? null : html` <small title="Sample standard deviation over seeds, in points">± ${pointsApart(accuracy.standardDeviation)}</small>`}</td><td class="n">${accuracy.interval ? html`${percentInterval(accuracy.interval)} <small>${of}</small>` : '–'}</td><td class="n" data-v="${experiment.validation?.mean ?? ''}">${percent(experiment.validation?.mean ?? 0)}</td>${figures}`
        : html`<td colspan="${3 + SECTION_FIGURES.length}" class="none">no result</td>`
    }<td class="n">${seeds}</td><td class="n" title="${grouped(runs[0]?.parameters ?? 0)}">${scaled(runs[0]?.parameters ?? 0)}</td><td class="n" title="${grouped(runs[0]?.macs ?? 0)}">${scaled(runs[0]?.macs ?? 0)}</td></tr>`;
  });
  const more =
    section.experiments.length > MAX_ROWS
      ? html`<p class="note">The ${MAX_ROWS} of ${section.experiments.length} experiments with the highest validation accuracy; the table of runs has all.</p>`
      : null;
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Experiments of section ${number}"><table class="results"><thead><tr><th scope="col" class="left">Experiment</th><th scope="col" class="n">Test accuracy</th><th scope="col" class="n">95 % interval</th><th scope="col" class="n">Validation</th>${SECTION_FIGURES.map(({ title }) => html`<th scope="col" class="n">${title}</th>`)}<th scope="col" class="n">Seeds</th><th scope="col" class="n">Parameters</th><th scope="col" class="n">MACs</th></tr></thead><tbody>${rows}</tbody></table></div>${more}`;
}

function recipeEvidence(data: ReportData, pairs: readonly RecipeComparison[], number: number): Html | null {
  if (pairs.length === 0) return null;
  const rows = pairs
    .slice(0, MAX_EVIDENCE)
    .map(
      (p) =>
        html`<tr><th scope="row">${titleById(data, p.a.experimentId)}</th><td>${titleById(data, p.b.experimentId)}</td><td class="n" data-v="${p.difference}">${points(p.difference)}</td><td class="n">${percentInterval(p.interval)}</td><td class="n">${significant(p.statistic, 3)}</td><td class="n">${significant(p.degreesOfFreedom, 3)}</td><td class="n" data-v="${p.pValue}">${pValue(p.pValue)}</td><td class="n" data-v="${p.adjustedPValue}">${pValue(p.adjustedPValue)}</td><td>${VERDICTS[p.verdict]}</td></tr>`,
    );
  return html`<h4>Recipes over seeds and images</h4><div class="table-scroll" tabindex="0" role="region" aria-label="Comparison of recipes, section ${number}"><table><thead><tr><th scope="col" class="left">Recipe</th><th scope="col" class="left">against</th><th scope="col" class="n">Difference</th><th scope="col" class="n">95 % interval</th><th scope="col" class="n">t</th><th scope="col" class="n">Degrees of freedom</th><th scope="col" class="n">p</th><th scope="col" class="n">Adjusted</th><th scope="col" class="left">Verdict</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function checkpointEvidence(data: ReportData, pairs: readonly CheckpointComparison[], number: number): Html | null {
  if (pairs.length === 0) return null;
  const rows = pairs
    .slice(0, MAX_EVIDENCE)
    .map(
      (p) =>
        html`<tr><th scope="row">${titleById(data, p.a.experimentId)}, seed ${seedOf(data, p.a.runId)}</th><td>${titleById(data, p.b.experimentId)}, seed ${seedOf(data, p.b.runId)}</td><td class="n">${grouped(p.counts.both)}</td><td class="n">${grouped(p.counts.onlyA)}</td><td class="n">${grouped(p.counts.onlyB)}</td><td class="n">${grouped(p.counts.neither)}</td><td class="n" data-v="${p.difference}">${points(p.difference)}</td><td class="n">${percentInterval(p.interval)}</td><td class="n" data-v="${p.pValue}">${pValue(p.pValue)}</td><td class="n" data-v="${p.adjustedPValue}">${pValue(p.adjustedPValue)}</td><td>${VERDICTS[p.verdict]}</td></tr>`,
    );
  return html`<h4>Trained models on the same images (exact McNemar test)</h4><div class="table-scroll" tabindex="0" role="region" aria-label="Comparison of trained models, section ${number}"><table><thead><tr><th scope="col" class="left">Model</th><th scope="col" class="left">against</th><th scope="col" class="n">Both correct</th><th scope="col" class="n">Only first</th><th scope="col" class="n">Only second</th><th scope="col" class="n">Neither</th><th scope="col" class="n">Difference</th><th scope="col" class="n">95 % interval</th><th scope="col" class="n">p</th><th scope="col" class="n">Adjusted</th><th scope="col" class="left">Verdict</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** What the tests say about the section, the largest differences first, with the evidence folded below. */
function findings(data: ReportData, section: ReportSectionData, number: number): Html | null {
  const recipes = new Set(section.recipePairs.map((p) => `${p.a.experimentId} ${p.b.experimentId}`));
  const pairs = [
    ...section.recipePairs,
    ...section.checkpoints.filter((p) => !recipes.has(`${p.a.experimentId} ${p.b.experimentId}`)),
  ];
  if (pairs.length === 0) return null;
  const decided = pairs
    .filter((p) => isDecided(p.verdict))
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
  const undecided = pairs.filter((p) => !isDecided(p.verdict));
  const items = [
    ...decided.slice(0, MAX_FINDINGS),
    ...undecided.slice(0, Math.max(0, MAX_FINDINGS - decided.length)),
  ].map((p) => html`<li class="${p.verdict}">${written(clip(p.text, 400))}</li>`);
  const rest = listed(
    [
      decided.length > MAX_FINDINGS ? plural(decided.length - MAX_FINDINGS, 'further difference') : '',
      undecided.length > Math.max(0, MAX_FINDINGS - decided.length)
        ? `${undecided.length - Math.max(0, MAX_FINDINGS - decided.length)} pairs without evidence of a difference`
        : '',
    ].filter(Boolean),
  );
  const all = pairs.length + section.checkpoints.length;
  return html`<div class="findings"><h3>Findings</h3><ul>${items}</ul>${rest ? html`<p class="note">Not shown: ${rest}.</p>` : null}<details><summary>Evidence: ${section.scheme === 'all' ? 'every pair' : 'each against the baseline'}</summary>${recipeEvidence(data, section.recipePairs, number)}${checkpointEvidence(data, section.checkpoints, number)}${all > 2 * MAX_EVIDENCE ? html`<p class="note">Only the first ${MAX_EVIDENCE} of each kind are shown; report.json has all of them.</p>` : null}</details></div>`;
}

/** A section of the manifest's report: heading, text, findings, table, figures. */
export function sectionMarkup(
  data: ReportData,
  measurements: Measurements,
  document: Document,
  index: number,
  width: number,
): Html {
  const section = data.sections[index]!;
  const number = index + 1;
  const groups = sectionGroups(data, section.experiments);
  const charts = section.charts.map((chart, i) =>
    figure(chart, { data, measurements, document, width, groups, section: index }, `${number}.${i + 1}`),
  );
  return html`<section id="section-${number}" aria-labelledby="section-${number}-title"><h2 id="section-${number}-title"><span class="number">${number}</span> ${written(clip(section.title, 200))}</h2>${markdown(section.text)}${findings(data, section, number)}${section.experiments.length > 0 ? experimentTable(data, section, number) : null}${charts}</section>`;
}
