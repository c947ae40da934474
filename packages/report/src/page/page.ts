import { sha256, type Sources } from '@bakeoff/core';
import { parseHTML } from 'linkedom';
import { sectionGroups } from '../charts/groups.ts';
import { columnsOf } from '../columns/columns-of.ts';
import { DEFAULT_ORDER, sortRuns } from '../columns/sort-runs.ts';
import { packReport } from '../data/pack-report.ts';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData } from '../data/report-data.ts';
import { clip } from '../text/clip.ts';
import { absentMarkup, attemptsMarkup, caveatsMarkup, methodsMarkup, reproduceMarkup } from './closing-markup.ts';
import { dataMarkup } from './data-markup.ts';
import { figure } from './figure.ts';
import { headerMarkup, summaryMarkup } from './first-screen.ts';
import { glossaryMarkup } from './glossary.ts';
import { Html, html, jsonBlock, measured, written } from './html.ts';
import { livePanel, liveMarkup } from './live-markup.ts';
import { LIVE_STYLES } from './live-styles.ts';
import { markdown } from './markdown.ts';
import { tableInside } from './runs-table.ts';
import { sectionMarkup, sectionResults } from './section-markup.ts';
import { STYLES } from './styles.ts';

/** Width in pixels for which static charts are drawn: that of the main column. */
const CHART_WIDTH = 928;
/**
 * With more runs than this, charts and the table (then of a fixed height) are laid out only when they come into view.
 */
const MANY_RUNS = 60;

type Entry = readonly [id: string, label: string];

const contentsItem = ([id, label]: Entry): Html => html`<li><a href="#${id}">${written(label)}</a></li>`;

function contents(
  data: ReportData,
  parts: { readonly [Part in 'gallery' | 'absent' | 'attempts' | 'data']: boolean },
): Html {
  const entries: Entry[] = [
    ['summary', 'Summary'],
    ...data.sections.map((s, i): Entry => [`section-${i + 1}`, `${i + 1} ${clip(s.title, 60)}`]),
    ...(parts.gallery ? [['hardest', 'Hardest images'] as const] : []),
    ['runs', 'All runs'],
    ...(parts.absent ? [['absent', 'Failures and missing runs'] as const] : []),
    ...(parts.data ? [['images', 'Data'] as const] : []),
    ['methods', 'Methods'],
    ['caveats', 'Caveats'],
    ['reproduce', 'Reproduce'],
    ['glossary', 'Glossary'],
  ];
  return html`<ol>${entries.map(contentsItem)}${parts.attempts ? measured(contentsItem(['attempts', 'Interrupted runs'])) : null}</ol>`;
}

/** The contents twice: beside the article where there is room, otherwise as a menu above it. */
function contentsPlaces(list: Html | null): Html {
  return html`<div class="bar"><details class="menu contents-menu"><summary>Contents</summary><nav class="menu-body" aria-label="Contents">${list}</nav></details></div><nav class="contents" aria-label="Contents">${list}</nav>`;
}

/** The hardest images, where no section of the manifest shows them; null if there are no pictures. */
function hardestMarkup(data: ReportData, measurements: Measurements, document: Document | null): Html | null {
  if (data.gallery === null || data.gallery.images.every(({ png }) => png === null)) return null;
  if (data.sections.some(({ charts }) => charts.includes('hardestImages'))) return null;
  const groups = sectionGroups(
    data,
    data.experiments.map((_, i) => i),
  );
  const place = { data, measurements, document, width: CHART_WIDTH, groups, section: null };
  return html`<section id="hardest" aria-labelledby="hardest-title"><h2 id="hardest-title">Hardest images</h2>${figure('hardestImages', place, `${data.sections.length + 1}.1`)}</section>`;
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
  return html`<section id="runs" class="wide" aria-labelledby="runs-title"><h2 id="runs-title">All runs</h2><p class="prose">Every planned training, the best validation accuracy first. The test accuracy is that of the best epoch’s weights${data.runs.some(({ heldBack }) => heldBack) ? '; of a search, only the chosen trial’s is reported' : ''}. Settings that differ from the most common value are underlined.</p><div id="runs-controls"></div><div class="table-scroll tall" tabindex="0" role="region" aria-label="Table of all runs"><table id="runs-table" class="results">${table}</table></div><div id="comparison"></div></section>`;
}

/** What the script draws from. It needs no samples, and the numbers of pairs, not their sentences, which report.json has. */
export function scriptData(data: ReportData): ReportData {
  const sections = data.sections.map((section) => ({
    ...section,
    checkpoints: section.checkpoints.map((pair) => ({ ...pair, text: '' })),
    recipePairs: section.recipePairs.map((pair) => ({ ...pair, text: '' })),
  }));
  const datasets = data.datasets.map((dataset) => ({ ...dataset, samples: null }));
  return { ...data, datasets, sections };
}

/**
 * `default-src 'none'`: nothing is ever loaded. The only script that may run is the page's own, by its digest; that of a
 * page that follows a study may connect to the server that the page is from.
 */
function policy(script: string, follows: boolean): string {
  const digest = Buffer.from(sha256(script), 'hex').toString('base64');
  const connect = follows ? " connect-src 'self';" : '';
  return `default-src 'none'; script-src 'sha256-${digest}';${connect} style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

export interface PageParts {
  /** The bundled client; it must not contain `</script`. */
  readonly script: string;
  readonly sources: Sources;
  /** Of a page that follows a study; absent: the page is complete. */
  readonly live?: LivePlace;
}

/** What a page that follows a study says beyond the report. */
interface LivePlace {
  /** Names the state that the page is made from. */
  readonly version: string;
  /** Until the study ends, in words: "about 2 h left"; null if it is not known. */
  readonly timeLeft: string | null;
}

/** The parts of a page that change with the records, by name; null: the page has nothing to say there. */
export function changingParts(
  data: ReportData,
  measurements: Measurements,
  { sources, live }: Omit<PageParts, 'script'>,
  document: Document | null = null,
): Readonly<Record<string, Html | null>> {
  const absent = absentMarkup(data, measurements);
  const attempts = attemptsMarkup(data, measurements);
  const hardest = hardestMarkup(data, measurements, document);
  const dataSheet = dataMarkup(data);
  return {
    contents: contents(data, {
      data: dataSheet !== null,
      gallery: hardest !== null,
      absent: absent !== null,
      attempts: attempts !== null,
    }),
    ...(live === undefined ? {} : { progress: liveMarkup(data, live.timeLeft) }),
    header: headerMarkup(data),
    summary: summaryMarkup(data, measurements),
    ...Object.fromEntries(
      data.sections.flatMap((_, i) => {
        const { findings, table } = sectionResults(data, measurements, i);
        return [
          [`findings-${i + 1}`, findings],
          [`table-${i + 1}`, table],
        ];
      }),
    ),
    hardest,
    absent,
    images: dataSheet,
    methods: methodsMarkup(data, measurements, sources),
    caveats: caveatsMarkup(data),
    reproduce: reproduceMarkup(data),
    attempts: attempts && measured(attempts),
  };
}

/** The whole page: a complete one, or with `live` one that follows a study, whose figures the script draws. */
export function pageMarkup(data: ReportData, measurements: Measurements, page: PageParts): string {
  const { script, live } = page;
  const document = live === undefined ? parseHTML('<!doctype html><html><body></body></html>').document : null;
  const parts = changingParts(data, measurements, page, document);
  /** Marked, where the script has to find and replace it. */
  const part = (name: string): Html | null => {
    const content = parts[name] ?? null;
    return live === undefined ? content : html`<div class="part" data-part="${name}">${content}</div>`;
  };
  const sections = data.sections.map((_, i) =>
    sectionMarkup(
      data,
      measurements,
      document,
      i,
      CHART_WIDTH,
      html`${part(`findings-${i + 1}`)}${part(`table-${i + 1}`)}`,
    ),
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, live !== undefined)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Bakeoff">
<title>${clip(data.title, 200)}</title>
<style>${new Html(STYLES)}${live === undefined ? null : new Html(LIVE_STYLES)}</style>
</head>
<body>
<a class="skip" href="#summary">Skip to the summary</a>
<div class="page">
${contentsPlaces(part('contents'))}
<main${data.runs.length > MANY_RUNS ? html` class="many"` : null}>
${part('header')}
${live === undefined ? null : livePanel(part('progress'), live.version)}${part('summary')}
${data.text.trim() === '' ? null : html`<section class="intro" aria-label="Introduction">${markdown(data.text)}</section>`}
${sections.map((section) => html`${section}\n`)}
${part('hardest')}
${runsSection(data, measurements)}
${part('absent')}
${part('images')}
${part('methods')}
${part('caveats')}
${part('reproduce')}
${glossaryMarkup()}
${part('attempts')}
${footer(data, live)}
</main>
</div>
${jsonBlock('data', packReport(scriptData(data)))}
${measured(jsonBlock('measurements', measurements))}
<script>${new Html(script)}</script>
</body>
</html>
`.markup;
}

function footer({ planId }: ReportData, live: LivePlace | undefined): Html {
  const plan = html`<span class="id">${planId}</span>`;
  return live === undefined
    ? html`<footer><p>Made by Bakeoff from the records of plan ${plan}. This file is complete: it opens without a network.</p></footer>`
    : html`<footer><p>Made by Bakeoff from the records of plan ${plan}, and renewed as they change. The report that opens without a network is written at the end of the run.</p></footer>`;
}
