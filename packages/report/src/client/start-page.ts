import { type ChartName, CHARTS } from '../charts/registry.ts';
import type { Measurements } from '../data/measurements.ts';
import { unpackReport } from '../data/pack-report.ts';
import { showConfusionImages } from './confusion-images.ts';
import { addExplorer } from './explorer.ts';
import { Figures } from './figures.ts';
import { PageContext, element } from './page-context.ts';
import { closeMenus } from './menus.ts';
import { addPickBar } from './pick-bar.ts';
import { RunsExplorer } from './runs-explorer.ts';
import { addTableExports } from './table-exports.ts';
import { showTerms } from './term-tips.ts';
import { addThemeToggle } from './theme-toggle.ts';

const CHART_NAMES = Object.keys(CHARTS) as ChartName[];

const readBlock = (id: string): unknown => JSON.parse(element(`#${id}`).textContent ?? 'null');

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

/** Marks the section being read in the contents. Returns what ends it. */
function followReading(): () => void {
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
  return () => watcher.disconnect();
}

/** A page that is interactive. */
export interface StartedPage {
  readonly context: PageContext;
  readonly figures: Figures;
  /** Called when the contents were replaced. */
  readonly renewContents: () => void;
}

/** Makes the page interactive. */
export function startPage(): StartedPage {
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
  addTableExports(document, context.data.name);
  showConfusionImages(context);
  showTerms();
  closeMenus();
  keepHash();
  let endReading = followReading();
  addEventListener('beforeprint', () => figures.refreshAll());
  runs.show();
  // For the tests: milliseconds from opening the page until it is interactive.
  document.documentElement.dataset['readyMs'] = performance.now().toFixed(0);
  document.documentElement.dataset['ready'] = 'yes';
  const renewContents = (): void => {
    endReading();
    endReading = followReading();
  };
  return { context, figures, renewContents };
}
