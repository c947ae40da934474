import { sha256, type Sources } from '@bakeoff/core';
import { isDecided, type Verdict } from '@bakeoff/statistics';
import { parseHTML } from 'linkedom';
import { grouped, percent, pointsApart } from '@bakeoff/statistics/formats';
import { columnsOf } from '../columns/columns-of.ts';
import { DEFAULT_ORDER, sortRuns } from '../columns/sort-runs.ts';
import { packReport } from '../data/pack-report.ts';
import { chosenExperiment } from '../data/summary.ts';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData } from '../data/report-data.ts';
import { clip } from '../text/clip.ts';
import { plural } from '../text/plural.ts';
import { absentMarkup, attemptsMarkup, caveatsMarkup, methodsMarkup, reproduceMarkup } from './closing-markup.ts';
import { Html, html, jsonBlock, measured, written } from './html.ts';
import { markdown } from './markdown.ts';
import { tableInside } from './runs-table.ts';
import { sectionMarkup } from './section-markup.ts';
import { STYLES } from './styles.ts';

/** Width in pixels for which static charts are drawn: that of the main column. */
const CHART_WIDTH = 928;
/**
 * With more runs than this, charts and the table (then of a fixed height) are laid out only when they come into view.
 */
const MANY_RUNS = 60;

function keyFigures(data: ReportData): Html {
  const chosen = chosenExperiment(data);
  const pairs = data.sections.flatMap((s): readonly { readonly verdict: Verdict }[] =>
    s.recipePairs.length > 0 ? s.recipePairs : s.checkpoints,
  );
  const figures: [Html | string, string][] = [];
  if (chosen?.test) {
    figures.push([
      html`${percent(chosen.test.mean)}${chosen.test.standardDeviation === null ? null : html`<small> ± ${pointsApart(chosen.test.standardDeviation)}</small>`}`,
      `test accuracy of the experiment chosen by validation${chosen.test.count > 1 ? ', mean and standard deviation' : ''}`,
    ]);
    figures.push([written(clip(chosen.title, 40)), 'the chosen experiment']);
  }
  figures.push([
    grouped(data.runs.filter((run) => run.status === 'finished').length),
    `of ${plural(data.runs.length, 'training')} with results, ${plural(data.experiments.length, 'experiment')}`,
  ]);
  if (pairs.length > 0)
    figures.push([
      `${pairs.filter((p) => isDecided(p.verdict)).length} of ${pairs.length}`,
      'compared pairs with evidence of a difference',
    ]);
  return html`<dl class="figures">${figures.map(([value, label]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}

const contentsItem = ([id, label]: [string, string]): Html => html`<li><a href="#${id}">${written(label)}</a></li>`;

function contents(data: ReportData, hasAbsent: boolean, hasAttempts: boolean): Html {
  const entries: [string, string][] = [
    ['summary', 'Summary'],
    ...data.sections.map((s, i): [string, string] => [`section-${i + 1}`, `${i + 1} ${clip(s.title, 60)}`]),
    ['runs', 'All runs'],
    ['methods', 'Methods'],
    ['reproduce', 'Reproduce'],
    ['caveats', 'Caveats'],
    ...(hasAbsent ? [['absent', 'Failures and missing runs'] as [string, string]] : []),
  ];
  return html`<nav class="contents" aria-label="Contents"><ol>${entries.map(contentsItem)}${hasAttempts ? measured(contentsItem(['attempts', 'Interrupted runs'])) : null}</ol></nav>`;
}

function runsSection(data: ReportData, measurements: Measurements): Html {
  const columns = columnsOf(data, measurements);
  const runs = sortRuns(
    data,
    data.runs.map((_, i) => i),
    columns.find(({ id }) => id === DEFAULT_ORDER.column),
    DEFAULT_ORDER.descending,
  );
  const table = tableInside(data, {
    columns: columns.filter((column) => column.visible),
    blocks: [{ heading: null, runs }],
    picked: new Set(),
    sort: DEFAULT_ORDER,
    interactive: false,
  });
  return html`<section id="runs" class="wide" aria-labelledby="runs-title"><h2 id="runs-title">All runs</h2><p class="prose">Every planned training, the best validation accuracy first. The test accuracy is that of the best epoch’s weights. Settings that differ from the most common value are underlined.</p><div id="runs-controls"></div><div class="table-scroll tall" tabindex="0" role="region" aria-label="Table of all runs"><table id="runs-table" class="results">${table}</table></div><div id="comparison"></div></section>`;
}

/** `default-src 'none'`: nothing is ever loaded. The only script that may run is the page's own, by its digest. */
function policy(script: string): string {
  const digest = Buffer.from(sha256(script), 'hex').toString('base64');
  return `default-src 'none'; script-src 'sha256-${digest}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

export interface PageParts {
  /** The bundled client; it must not contain `</script`. */
  readonly script: string;
  readonly sources: Sources;
}

/** The whole page. */
export function pageMarkup(data: ReportData, measurements: Measurements, { script, sources }: PageParts): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const doc = document;
  const sections = data.sections.map((_, index) => sectionMarkup(data, measurements, doc, index, CHART_WIDTH));
  const absent = absentMarkup(data, measurements);
  const attempts = attemptsMarkup(data, measurements);
  const images = data.datasets.map((d) => grouped(d.images.test)).join(', ');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Bakeoff">
<title>${clip(data.title, 200)}</title>
<style>${new Html(STYLES)}</style>
</head>
<body>
<a class="skip" href="#summary">Skip to the summary</a>
<div class="page">
${contents(data, absent !== null, attempts !== null)}
<main${data.runs.length > MANY_RUNS ? html` class="many"` : null}>
<header><p class="kicker"><span>Comparison report</span> <span>${written(clip(data.name, 80))}</span></p><h1>${written(clip(data.title, 300))}</h1><p class="byline">${plural(data.experiments.length, 'experiment')}, ${plural(data.runs.length, 'training')}, ${images} held-out test images</p></header>
<section id="summary" aria-labelledby="summary-title"><h2 id="summary-title" class="quiet">Summary</h2>${keyFigures(data)}<div class="summary">${data.summary.map((sentence) => html`<p>${written(sentence)}</p>`)}</div></section>
${data.text.trim() === '' ? null : html`<section class="intro" aria-label="Introduction">${markdown(data.text)}</section>`}
${sections.map((section) => html`${section}\n`)}
${runsSection(data, measurements)}
${methodsMarkup(data, measurements, sources)}
${reproduceMarkup(data)}
${caveatsMarkup(data)}
${absent}
${attempts ? measured(attempts) : null}
<footer><p>Made by Bakeoff from the records of plan <span class="id">${data.planId}</span>. This file is complete: it opens without a network.</p></footer>
</main>
</div>
${jsonBlock('data', packReport(data))}
${measured(jsonBlock('measurements', measurements))}
<script>${new Html(script)}</script>
</body>
</html>
`;
  return page.markup;
}
