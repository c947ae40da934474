import { parseHTML } from 'linkedom';
import { sectionGroups } from '../charts/groups.ts';
import { CHARTS, type ChartName } from '../charts/registry.ts';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData } from '../data/report-data.ts';
import { figure } from '../page/figure.ts';
import { html, Html } from '../page/html.ts';
import { STYLES } from '../page/styles.ts';

/**
 * A page with charts of the given sections at each width in pixels, drawn as in a report; `null` is the explorer,
 * which draws all experiments.
 */
export function chartSheet(
  reports: readonly {
    readonly name: string;
    readonly data: ReportData;
    readonly measurements: Measurements;
    readonly sections: readonly (number | null)[];
    /** Without it, all. */
    readonly charts?: readonly ChartName[];
  }[],
  widths: readonly number[],
): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const figures = reports.flatMap(
    ({ name, data, measurements, sections, charts = Object.keys(CHARTS) as ChartName[] }) =>
      sections.flatMap((section) => {
        const experiments = section === null ? data.experiments.map((_, i) => i) : data.sections[section]!.experiments;
        const groups = sectionGroups(data, experiments);
        return widths.flatMap((width) =>
          charts.map((chart) => {
            const place = { data, measurements, document, width, groups, section };
            const label = `${name}, section ${section ?? 'none'}, ${chart}, ${width} px`;
            return html`<div data-figure="${label}" style="width:${width}px">${figure(chart, place, '1')}</div>`;
          }),
        );
      }),
  );
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Charts</title><style>${new Html(STYLES)}</style></head><body>${figures}</body></html>`
    .markup;
}
