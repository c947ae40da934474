import type { CurveView } from '../charts/curves/curve-view.ts';
import type { CurveFrame, CurvesDrawn } from '../charts/curves/draw-curves.ts';
import { type Html, html } from '../page/html.ts';
import { CurveReader } from './curve-reader.ts';
import { element, type PageContext } from './page-context.ts';

const AXES = [
  ['epoch', 'epoch'],
  ['step', 'step'],
  ['images', 'images seen'],
  ['seconds', 'wall-clock time'],
] as const;
const SPLITS = [
  ['validation', 'validation'],
  ['train', 'training'],
  ['train~validation', 'both'],
] as const;

const option = (value: string, label: string, chosen: boolean): Html =>
  html`<option value="${value}"${chosen ? html` selected` : null}>${label}</option>`;

/** The row of controls above a learning curve, and the readout by pointer or keyboard. */
export class CurveControls {
  private readonly bar: HTMLElement;
  private readonly reader: CurveReader;
  private frame: CurveFrame | undefined;

  constructor(
    private readonly context: PageContext,
    private readonly figure: HTMLElement,
    private readonly place: number,
  ) {
    this.bar = document.createElement('div');
    this.bar.className = 'controls';
    this.bar.setAttribute('role', 'group');
    this.bar.setAttribute('aria-label', 'View of this chart');
    element('.figure-body', figure).before(this.bar);
    this.reader = new CurveReader((zoom) => this.change({ zoom }));
    this.bar.addEventListener('input', (event) => this.onInput(event.target as HTMLInputElement));
    this.bar.addEventListener('click', (event) => {
      if ((event.target as HTMLElement).closest('[data-reset]'))
        this.context.set({ curves: { ...this.context.state.curves, [this.place]: {} } });
    });
  }

  remove(): void {
    this.bar.remove();
  }

  private change(change: Partial<CurveView>): void {
    const { curves } = this.context.state;
    this.context.set({ curves: { ...curves, [this.place]: { ...curves[this.place], ...change } } });
  }

  private onInput(input: HTMLInputElement): void {
    const { name, value } = input;
    // A zoom into the old axis means nothing on another axis, which has other numbers.
    if (name === 'axis') this.change({ axis: value as CurveView['axis'], zoom: null });
    if (name === 'splits') this.change({ splits: value.split('~') as CurveView['splits'][number][] });
    if (name === 'seeds') this.change({ seeds: input.checked ? 'each' : 'mean' });
    if (name === 'log') this.change({ log: input.checked });
    if (name === 'smoothing') this.change({ smoothing: Number(value) });
  }

  /** Shows the view in the controls and reads the newly drawn curves. */
  attach(view: CurveView, drawn: CurvesDrawn, base: CurveView): void {
    const hasBoth = view.metric === 'accuracy' || view.metric === 'loss';
    const isChanged = JSON.stringify({ ...view }) !== JSON.stringify(base);
    const shown = drawn.view ?? view;
    const markup =
      html`<label>Axis <select name="axis">${AXES.map(([value, label]) => option(value, label, view.axis === value))}</select></label>${
        hasBoth
          ? html`<label>Curves <select name="splits">${SPLITS.map(([value, label]) => option(value, label, view.splits.join('~') === value))}</select></label>`
          : null
      }${hasBoth && view.splits.includes('train') ? html`<label>Smoothing <input type="range" name="smoothing" min="0" max="0.98" step="0.02" value="${view.smoothing}"></label>` : null}<label><input type="checkbox" name="log"${shown.log ? html` checked` : null}> Logarithmic</label><label><input type="checkbox" name="seeds"${view.seeds === 'each' ? html` checked` : null}> Every seed</label><button type="button" data-reset${isChanged ? null : html` disabled`}>Reset</button><span class="hint">Drag to zoom</span>`
        .markup;
    this.keepFocus(markup);
    this.frame = drawn.frame;
    const panel = this.figure.querySelector<HTMLElement>('.figure-body .panel');
    if (panel && drawn.series && this.frame) this.reader.attach(panel, drawn.series, this.frame, shown);
  }

  /** Replaces only what changed, so that a control in use survives the redraw. */
  private keepFocus(markup: string): void {
    const active = this.bar.contains(document.activeElement) ? (document.activeElement as HTMLInputElement) : null;
    const dragging = active?.name === 'smoothing';
    if (dragging) {
      (element('[data-reset]', this.bar) as HTMLButtonElement).disabled = false;
      return;
    }
    const name = active?.name;
    this.bar.innerHTML = markup;
    if (name) this.bar.querySelector<HTMLElement>(`[name="${name}"]`)?.focus();
    else if (active) this.bar.querySelector<HTMLElement>('select')?.focus();
  }
}
