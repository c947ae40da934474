import { drawCurves } from '../charts/curves/draw-curves.ts';
import type { CurveView } from '../charts/curves/curve-view.ts';
import { plotter } from '../charts/plotter.ts';
import { chartNamed } from '../charts/registry.ts';
import type { Chart, Group } from '../charts/chart.ts';
import { pickedGroups, sectionGroups } from '../charts/groups.ts';
import { drawChart, figureMarkup } from '../page/figure.ts';
import { CurveControls } from './curve-controls.ts';
import { download } from './download.ts';
import { figureSvg } from './export-svg.ts';
import { SeriesActions } from './series-actions.ts';
import { element, type PageContext } from './page-context.ts';

/** Width for which the article's charts were drawn. */
const STATIC_WIDTH = 928;

/**
 * One chart of the page, redrawn at the reader's width and, for curves, with the chosen axes. A section's figures always
 * show that section's experiments; only the explorer's figure shows picked runs.
 */
class LiveFigure {
  private readonly body: HTMLElement;
  private drawnFor = '';
  private controls: CurveControls | null = null;
  private isStatic: boolean;
  visible = false;

  constructor(
    private readonly context: PageContext,
    private readonly actions: SeriesActions,
    readonly root: HTMLElement,
    private readonly place: number,
  ) {
    this.body = element('.figure-body', root);
    this.isStatic = this.body.childElementCount > 0;
    const save = document.createElement('button');
    save.type = 'button';
    save.className = 'save';
    save.textContent = 'SVG';
    save.setAttribute('aria-label', `Save ${element('figcaption', root).textContent} as SVG`);
    save.addEventListener('click', () => this.save());
    save.hidden = !this.body.querySelector('svg.plot');
    element('figcaption', root).append(save);
    actions.attach(root);
  }

  private save(): void {
    const number = this.root.querySelector('.number')?.textContent?.replace(/\D+/, '-') ?? '';
    download(
      `${this.context.data.name}-${this.root.dataset['chart']}${number}.svg`,
      'image/svg+xml',
      figureSvg(this.root),
    );
  }

  /** Undefined if this version has no chart of the figure's name; the figure then stays unchanged. */
  private get chart(): Chart | undefined {
    return chartNamed(this.root.dataset['chart'] ?? '');
  }

  private groups(): readonly Group[] {
    const { data, state } = this.context;
    if (this.isExplorer && state.picked.length > 0) return pickedGroups(data, state.picked);
    const section = data.sections[this.section ?? -1];
    return sectionGroups(data, section?.experiments ?? data.experiments.map((_, i) => i));
  }

  /** Index of the section that the figure belongs to. */
  private get section(): number | null {
    const { section } = this.root.dataset;
    return section === undefined ? null : Number(section);
  }

  private get isExplorer(): boolean {
    return this.root.dataset['live'] !== undefined;
  }

  /** The view of a curve figure: the chart's own view with the reader's changes. */
  private view(): CurveView | undefined {
    const base = this.chart?.curves;
    return base && { ...base, ...this.context.state.curves[this.place] };
  }

  /** Whether the static drawing still matches the state. */
  private key(width: number): string {
    const picked = this.isExplorer ? this.context.state.picked : [];
    return JSON.stringify([this.root.dataset['chart'], picked, this.view(), width]);
  }

  /** Its records have changed: it is drawn again when it is in view. A reader who drags in it is not disturbed. */
  renew(): void {
    this.drawnFor = '';
    this.refresh();
  }

  refresh(): void {
    if (!this.visible || (this.drawnFor === '' && this.root.matches(':active'))) return;
    const width = Math.max(280, Math.floor(this.body.clientWidth));
    this.root.dataset['drawnAt'] = String(this.body.clientWidth);
    const key = this.key(width);
    if (key === this.drawnFor) return;
    const untouched = this.isStatic && Math.abs(width - STATIC_WIDTH) < 2 && !this.isExplorer && !this.chart?.curves;
    this.drawnFor = key;
    this.isStatic = false;
    if (!untouched && this.chart) this.draw(this.chart, width);
  }

  private draw(chart: Chart, width: number): void {
    const { data, measurements } = this.context;
    const view = this.view();
    const place = { data, measurements, document, width, groups: this.groups(), section: this.section };
    if (view) {
      const drawn = drawCurves({ ...place, plot: plotter }, view);
      this.controls ??= new CurveControls(this.context, this.root, this.place);
      this.paint(figureMarkup(drawn).markup);
      this.controls.attach(view, drawn, chart.curves!);
      return;
    }
    this.controls?.remove();
    this.controls = null;
    this.paint(figureMarkup(drawChart(chart, place)).markup);
  }

  /** Everything in the markup is already escaped. */
  private paint(markup: string): void {
    this.body.innerHTML = markup;
    this.actions.attach(this.root);
    element('.save', this.root).hidden = !this.body.querySelector('svg.plot');
  }
}

/** Keeps all figures up to date: figures in view at once, others when they come into view. */
export class Figures {
  private readonly figures: LiveFigure[] = [];
  private readonly byRoot = new Map<Element, LiveFigure>();
  private readonly watcher: IntersectionObserver;
  private readonly actions: SeriesActions;

  constructor(private readonly context: PageContext) {
    this.actions = new SeriesActions(context);
    this.watcher = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const figure = this.byRoot.get(entry.target);
          if (!figure) continue;
          figure.visible = entry.isIntersecting;
          figure.refresh();
        }
      },
      { rootMargin: '600px 0px' },
    );
    for (const root of document.querySelectorAll<HTMLElement>('figure.chart')) this.add(root);
    context.onChange(() => this.refresh());
    context.onData(() => {
      for (const figure of this.figures) figure.renew();
    });
    addEventListener('pointerup', () => this.refresh());
    let pending = 0;
    addEventListener('resize', () => {
      clearTimeout(pending);
      pending = window.setTimeout(() => this.refresh(), 120);
    });
  }

  add(root: HTMLElement): void {
    const figure = new LiveFigure(this.context, this.actions, root, this.figures.length + 1);
    this.figures.push(figure);
    this.byRoot.set(root, figure);
    this.watcher.observe(root);
  }

  refresh(): void {
    for (const figure of this.figures) figure.refresh();
  }

  /** Draws every figure, in view or not; for printing. */
  refreshAll(): void {
    for (const figure of this.figures) {
      const { visible } = figure;
      figure.visible = true;
      figure.refresh();
      figure.visible = visible;
    }
  }
}
