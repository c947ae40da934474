import { type ChartName, CHARTS } from '../charts/registry.ts';
import { columnsOf } from '../columns/columns-of.ts';
import type { Measurements } from '../data/measurements.ts';
import { unpackReport } from '../data/pack-report.ts';
import { plural } from '../text/plural.ts';
import { html } from '../page/html.ts';
import { Figures } from './figures.ts';
import { PageContext, element } from './page-context.ts';
import { RunsExplorer } from './runs-explorer.ts';
import { sideBySide } from './side-by-side.ts';
import { addThemeToggle } from './theme-toggle.ts';

const CHART_NAMES = Object.keys(CHARTS) as ChartName[];

const readBlock = (id: string): unknown => JSON.parse(element(`#${id}`).textContent ?? 'null');

/** The explorer below the table: any chart of any runs, and picked runs side by side. */
function addExplorer(context: PageContext, figures: Figures): void {
  const { data, measurements } = context;
  const host = element('#comparison');
  const choice = CHART_NAMES.map((chart) => html`<option value="${chart}">${CHARTS[chart].title}</option>`);
  host.innerHTML =
    html`<div id="picked-runs" hidden><h3>Picked runs side by side</h3><div id="side-by-side"></div></div><h3>Explore</h3><div class="controls"><label>Chart <select name="chart">${choice}</select></label></div><figure class="chart" data-live="yes" data-chart="${context.state.explore}"><figcaption></figcaption><div class="figure-body"></div></figure>`.markup;
  const select = element('[name=chart]', host) as HTMLSelectElement;
  const figure = element('figure', host);
  const all = columnsOf(data, measurements);
  const update = (): void => {
    const { explore, picked } = context.state;
    select.value = explore;
    figure.dataset['chart'] = explore;
    element('figcaption', figure).textContent = CHARTS[explore].title;
    element('#picked-runs', host).hidden = picked.length === 0;
    element('#side-by-side', host).innerHTML = picked.length === 0 ? '' : sideBySide(data, all, picked).markup;
  };
  select.addEventListener('input', () => context.set({ explore: select.value as ChartName }));
  context.onChange((changed) => {
    if (changed.has('picked') || changed.has('explore')) update();
    figures.refresh();
  });
  update();
  figures.add(figure);
}

/** A bar that is always visible and says that the charts show only picked runs. */
function addPickBar(context: PageContext): void {
  const bar = document.createElement('div');
  bar.className = 'toolbar';
  bar.setAttribute('role', 'status');
  document.body.append(bar);
  const update = (): void => {
    const { length } = context.state.picked;
    bar.hidden = length === 0;
    bar.innerHTML =
      length === 0
        ? ''
        : html`<span>Charts show only ${plural(length, 'picked run')}.</span> <a href="#comparison">Compare</a> <button type="button">Show all</button>`
            .markup;
  };
  bar.addEventListener('click', (event) => {
    if ((event.target as HTMLElement).closest('button')) context.set({ picked: [] });
  });
  context.onChange(update);
  update();
}

/** Links within the page scroll without changing the hash, which holds the reader's choices. */
function keepHash(): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>('a[href^="#"]');
    const target = link && document.getElementById(link.getAttribute('href')!.slice(1));
    if (!target || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    target.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  });
}

/** Marks the section being read in the contents. */
function followReading(): void {
  const links = new Map(
    Array.from(document.querySelectorAll<HTMLAnchorElement>('.contents a'), (link) => [
      link.getAttribute('href')!.slice(1),
      link,
    ]),
  );
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute('aria-current');
        links.get(target.id)?.setAttribute('aria-current', 'true');
      }
    },
    { rootMargin: '-15% 0px -80% 0px' },
  );
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) watcher.observe(section);
  }
}

function start(): void {
  document.documentElement.classList.add('js');
  const context = new PageContext(
    unpackReport(readBlock('data')),
    readBlock('measurements') as Measurements,
    CHART_NAMES,
  );
  addThemeToggle();
  const figures = new Figures(context);
  const runs = new RunsExplorer(context);
  addExplorer(context, figures);
  addPickBar(context);
  keepHash();
  followReading();
  addEventListener('beforeprint', () => figures.refreshAll());
  runs.show();
  // For the tests: milliseconds from opening the page until it is interactive.
  document.documentElement.dataset['readyMs'] = performance.now().toFixed(0);
  document.documentElement.dataset['ready'] = 'yes';
}

start();
