import { seriesKey } from '../charts/series-key.ts';
import { html } from '../page/html.ts';
import type { PageContext } from './page-context.ts';

/** Among more series than this, marks do not stand out under the pointer: fading all others would take too long. */
const CROWD = 40;
/** Pixels that the pointer may move between press and release of a click. */
const STILL = 6;

const keyOf = (target: EventTarget | null): string | undefined =>
  (target as Element | null)?.closest<HTMLElement>('[data-series]')?.dataset['series'];

/** Figures that share their series' looks: those of a section, or one alone. */
function scopeOf(figure: HTMLElement): HTMLElement[] {
  const { section } = figure.dataset;
  return section === undefined
    ? [figure]
    : [...document.querySelectorAll<HTMLElement>(`figure.chart[data-section="${section}"]`)];
}

/** Fades every mark and legend entry except those of the given series; none given: shows all. */
function emphasize(figure: HTMLElement, shown: ReadonlySet<string>): void {
  for (const mark of figure.querySelectorAll<HTMLElement>('[data-series]'))
    mark.classList.toggle('faded', shown.size > 0 && !shown.has(mark.dataset['series']!));
}

/**
 * Series act: under the pointer or with the focus, one stands out; a click in the legend keeps it so in all of its
 * section's figures; a click on a mark picks the runs of its experiment.
 */
export class SeriesActions {
  private readonly isolated = new Map<HTMLElement, Set<string>>();
  private readonly crowded = new WeakSet<HTMLElement>();

  constructor(private readonly context: PageContext) {
    let pressed = { x: 0, y: 0 };
    document.addEventListener('pointerdown', ({ clientX, clientY }) => (pressed = { x: clientX, y: clientY }));
    for (const [enter, leave] of [
      ['pointerover', 'pointerout'],
      ['focusin', 'focusout'],
    ] as const) {
      document.addEventListener(enter, (event) => this.hover(event.target, true));
      document.addEventListener(leave, (event) => this.hover(event.target, false));
    }
    document.addEventListener('click', (event) => {
      if (Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) <= STILL || event.detail === 0)
        this.click(event);
    });
  }

  /** Turns a freshly drawn legend into buttons, and fades what is not isolated. */
  attach(figure: HTMLElement): void {
    for (const entry of figure.querySelectorAll<HTMLElement>('.legend li[data-series]')) {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...entry.childNodes);
      entry.append(button);
    }
    const keys = new Set(Array.from(figure.querySelectorAll('[data-series]'), keyOf));
    if (keys.size > CROWD) this.crowded.add(figure);
    else this.crowded.delete(figure);
    this.show(figure);
  }

  private shown(figure: HTMLElement): Set<string> {
    const [first = figure] = scopeOf(figure);
    const known = this.isolated.get(first) ?? new Set<string>();
    this.isolated.set(first, known);
    return known;
  }

  private show(figure: HTMLElement): void {
    const shown = this.shown(figure);
    emphasize(figure, shown);
    for (const button of figure.querySelectorAll<HTMLElement>('.legend button:not([data-do])'))
      button.setAttribute('aria-pressed', String(shown.has(keyOf(button)!)));
    figure.querySelector('.legend .acts')?.remove();
    if (shown.size === 0) return;
    const acts = document.createElement('li');
    acts.className = 'acts';
    acts.innerHTML =
      html`<button type="button" data-do="pick">Pick for Explore</button> <button type="button" data-do="all">Show all</button>`.markup;
    figure.querySelector('.legend')?.append(acts);
  }

  private hover(target: EventTarget | null, isOver: boolean): void {
    const figure = (target as Element).closest?.<HTMLElement>('figure.chart');
    if (!figure || (this.crowded.has(figure) && !(target as Element).closest('.legend'))) return;
    const key = keyOf(target);
    if (key !== undefined) emphasize(figure, isOver ? new Set([key]) : this.shown(figure));
  }

  private click(event: MouseEvent): void {
    const target = event.target as Element;
    const figure = target.closest<HTMLElement>('figure.chart');
    if (!figure) return;
    const button = target.closest<HTMLElement>('.legend button');
    if (button) this.onLegend(figure, button);
    // A stage of curves captures the pointer, so that the mark below it is not the event's target.
    else this.pick(keyOf(document.elementFromPoint(event.clientX, event.clientY)), false);
  }

  private onLegend(figure: HTMLElement, button: HTMLElement): void {
    const shown = this.shown(figure);
    const key = keyOf(button);
    if (button.dataset['do'] === 'pick') for (const each of shown) this.pick(each, true);
    else if (key === undefined) shown.clear();
    else if (!shown.delete(key)) shown.add(key);
    for (const each of scopeOf(figure)) this.show(each);
    if (button.dataset['do'] === 'all') figure.querySelector<HTMLElement>('.legend button')?.focus();
  }

  /** Picks the runs of a series, or takes them back if all of them are picked; `add`: only picks. */
  private pick(key: string | undefined, add: boolean): void {
    if (key === undefined) return;
    const { data, state } = this.context;
    const experiment = Number(key.split('.')[0]);
    const whole = data.experiments[experiment]?.runs ?? [];
    // Of picked runs, each is a series by itself.
    const only = whole.filter((run) => state.picked.length > 0 && seriesKey({ experiment, runs: [run] }) === key);
    const runs = only.length > 0 && state.picked.includes(only[0]!) && !add ? only : whole;
    const has = runs.every((run) => state.picked.includes(run));
    const rest = state.picked.filter((run) => !runs.includes(run));
    this.context.set({ picked: has && !add ? rest : [...rest, ...runs].sort((a, b) => a - b) });
  }
}
