import { countTrainings } from '../data/count-trainings.ts';
import { grouped } from '@bakeoff/statistics/formats';
import type { Measurements } from '../data/measurements.ts';
import type { Ranking, ReportData } from '../data/report-data.ts';
import { clip } from '../text/clip.ts';
import { plural } from '../text/plural.ts';
import { isAbsent } from './closing-markup.ts';
import { termed } from './glossary.ts';
import { type Html, html, written } from './html.ts';
import { rankedStrip } from './ranked-strip.ts';

/** Title, and what was trained and tested. */
export function headerMarkup(data: ReportData): Html {
  const images = data.datasets.map((d) => grouped(d.images.test)).join(', ');
  const without = data.runs.filter(isAbsent).length;
  const absent = without === 0 ? null : html` (<a href="#absent">${without} without a result</a>)`;
  return html`<header><p class="kicker"><span>Comparison report</span> <span>${written(clip(data.name, 80))}</span></p><h1>${written(clip(data.title, 300))}</h1><p class="byline">${plural(data.experiments.length, 'experiment')}, ${plural(countTrainings(data.runs), 'training')}${absent}, ${images} held-out test images</p></header>`;
}

function rankingMarkup(data: ReportData, measurements: Measurements, ranking: Ranking): Html {
  return html`<p class="verdict">${termed(ranking.verdict)}</p>${rankedStrip(data, measurements, ranking)}`;
}

/**
 * The answer: a verdict in one line, every experiment ranked with its cost, and the summary's sentences. Further data
 * sets follow, each with a verdict and a ranking of its own.
 */
export function summaryMarkup(data: ReportData, measurements: Measurements): Html {
  const [main, ...others] = data.rankings;
  const rest = others.map(
    (ranking) =>
      html`<h3>${written(data.datasets[ranking.dataset]?.source ?? '')} <span class="id">dataset ${data.datasets[ranking.dataset]?.datasetId ?? ''}</span></h3>${rankingMarkup(data, measurements, ranking)}`,
  );
  return html`<section id="summary" aria-labelledby="summary-title"><h2 id="summary-title" class="sr">Summary</h2>${main ? rankingMarkup(data, measurements, main) : null}<div class="summary">${data.summary.map((sentence) => html`<p>${termed(sentence)}</p>`)}</div>${rest}</section>`;
}
