import { sectionGroups } from '../charts/groups.ts';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData, ReportSectionData } from '../data/report-data.ts';
import { clip } from '../text/clip.ts';
import { evidenceMarkup } from './evidence.ts';
import { experimentTable } from './experiment-table.ts';
import { figure } from './figure.ts';
import { termed } from './glossary.ts';
import { type Html, html, written } from './html.ts';
import { markdown } from './markdown.ts';

/** What the tests say about the section, in a sentence or two, with the compared pairs folded below. */
function findings(data: ReportData, section: ReportSectionData, number: number): Html | null {
  const evidence = evidenceMarkup(data, section, number);
  if (section.findings.length === 0 && evidence === null) return null;
  return html`<div class="findings"><h3 class="sr">Findings</h3>${section.findings.map((sentence) => html`<p>${termed(sentence)}</p>`)}${evidence}</div>`;
}

/** What the page says of a section's results, apart from its figures: findings and the table of its experiments. */
export function sectionResults(
  data: ReportData,
  measurements: Measurements,
  index: number,
): { readonly findings: Html | null; readonly table: Html | null } {
  const section = data.sections[index]!;
  return {
    findings: findings(data, section, index + 1),
    table: section.experiments.length > 0 ? experimentTable(data, measurements, section, index + 1) : null,
  };
}

/**
 * A section of the manifest's report: heading, text, results, figures. Without a document, the figures are empty.
 * @param results The findings and the table, or what stands for them.
 */
export function sectionMarkup(
  data: ReportData,
  measurements: Measurements,
  document: Document | null,
  index: number,
  width: number,
  results: Html,
): Html {
  const section = data.sections[index]!;
  const number = index + 1;
  const groups = sectionGroups(data, section.experiments);
  const charts = section.charts.map((chart, i) =>
    figure(chart, { data, measurements, document, width, groups, section: index }, `${number}.${i + 1}`),
  );
  return html`<section id="section-${number}" aria-labelledby="section-${number}-title"><h2 id="section-${number}-title"><span class="number">${number}</span> ${written(clip(section.title, 200))}</h2>${markdown(section.text)}${results}${charts}</section>`;
}
