import { mcnemarExact, pairedCounts } from '@bakeoff/statistics';
import { grouped, pValue, points } from '@bakeoff/statistics/formats';
import type { Column } from '../columns/column.ts';
import type { ReportData } from '../data/report-data.ts';
import { clip } from '../text/clip.ts';
import { type Html, html, written } from '../page/html.ts';
import { swatch } from '../page/swatch.ts';
import type { Group } from '../charts/chart.ts';
import { pickedGroups } from '../charts/groups.ts';
import { decodeBase64 } from '../data/base64.ts';

/** Most picked runs that fit side by side, and most pairs that are listed. */
const MAX_COLUMNS = 12;
const MAX_PAIRS = 45;

function bestOf(column: Column, values: readonly unknown[]): number | undefined {
  const numbers = values.filter((v): v is number => typeof v === 'number');
  const { better } = column;
  if (!better || numbers.length < 2 || new Set(numbers).size < 2) return undefined;
  return better === 'high' ? Math.max(...numbers) : Math.min(...numbers);
}

function valuesTable(
  data: ReportData,
  columns: readonly Column[],
  groups: readonly Group[],
  differencesOnly: boolean,
): Html {
  const rows = columns
    .filter((c) => c.id !== 'experiment')
    .map((column) => {
      const values = groups.map(({ runs }) => column.value(data.runs[runs[0]!]!, runs[0]!));
      if (values.every((v) => v === null)) return null;
      if (differencesOnly && new Set(values.map(String)).size < 2) return null;
      const differs = column.kind === 'setting' && new Set(values.map(String)).size > 1;
      const best = bestOf(column, values);
      return html`<tr${differs ? html` class="changed"` : null}><th scope="row" title="${column.meaning}">${written(column.kind === 'setting' ? column.id.replace('setting:', '') : column.label)}${differs ? html` <span class="tag">differs</span>` : null}</th>${groups.map(({ runs }, i) => html`<td class="n${values[i] === best && best !== undefined ? ' best' : ''}">${written(clip(column.text(values[i] ?? null, data.runs[runs[0]!]!), 60))}${values[i] === best && best !== undefined ? html`<span class="sr"> best</span>` : null}</td>`)}</tr>`;
    });
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Picked runs side by side"><table class="side-by-side"><thead><tr><td></td>${groups.map((group) => html`<th scope="col" class="n">${swatch(group.style)}<br>${written(group.name)}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function pairsTable(data: ReportData, groups: readonly Group[]): Html | null {
  const evaluated = groups.flatMap((group) => {
    const evaluation = data.runs[group.runs[0]!]?.evaluation;
    return evaluation ? [{ group, evaluation, correct: decodeBase64(evaluation.correctness) }] : [];
  });
  const pairs = evaluated.flatMap((a, i) =>
    evaluated
      .slice(i + 1)
      .filter((b) => b.evaluation.testSetSha256 === a.evaluation.testSetSha256)
      .map((b) => [a, b] as const),
  );
  if (pairs.length === 0) return null;
  const rows = pairs.slice(0, MAX_PAIRS).map(([a, b]) => {
    const { images } = a.evaluation.test;
    const counts = pairedCounts(a.correct, b.correct, images);
    return html`<tr><th scope="row">${written(a.group.name)}</th><td>${written(b.group.name)}</td><td class="n">${grouped(counts.both)}</td><td class="n">${grouped(counts.onlyA)}</td><td class="n">${grouped(counts.onlyB)}</td><td class="n">${grouped(counts.neither)}</td><td class="n">${points((counts.onlyA - counts.onlyB) / images)}</td><td class="n">${pValue(mcnemarExact(counts.onlyA, counts.onlyB))}</td></tr>`;
  });
  const left = pairs.length > MAX_PAIRS ? ` The first ${MAX_PAIRS} of ${pairs.length} pairs.` : '';
  return html`<h3>The same test images, pair by pair</h3><div class="table-scroll" tabindex="0" role="region" aria-label="Paired counts of picked runs"><table class="pairs"><thead><tr><th scope="col" class="left">First</th><th scope="col" class="left">Second</th><th scope="col" class="n">Both correct</th><th scope="col" class="n">Only first</th><th scope="col" class="n">Only second</th><th scope="col" class="n">Neither</th><th scope="col" class="n">Difference, points</th><th scope="col" class="n">McNemar</th></tr></thead><tbody>${rows}</tbody></table></div><p class="note">Counted in this page from each run’s correct and wrong answers. The exact McNemar p value is not adjusted for the number of pairs, and applies to these trained models, not to their recipes.${left}</p>`;
}

/**
 * Picked runs side by side: figures and settings, all or only those in which the runs differ, and paired counts.
 */
export function sideBySide(
  data: ReportData,
  columns: readonly Column[],
  picked: readonly number[],
  differencesOnly: boolean,
): Html {
  const groups = pickedGroups(data, picked).slice(0, MAX_COLUMNS);
  const left =
    picked.length > MAX_COLUMNS
      ? html`<p class="note">The first ${MAX_COLUMNS} of ${picked.length} picked runs.</p>`
      : null;
  return html`${valuesTable(data, columns, groups, differencesOnly)}${left}${pairsTable(data, groups)}`;
}
