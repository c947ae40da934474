import { duration, grouped, significant } from '@bakeoff/statistics/formats';
import { type CurveView, metricText } from '../charts/curves/curve-view.ts';
import type { CurveFrame } from '../charts/curves/draw-curves.ts';
import { type Series, seriesAt } from '../charts/curves/series.ts';
import { html, written } from '../page/html.ts';
import { swatch } from '../page/swatch.ts';

/** Readings listed at once. If there are more, those nearest the pointer are listed. */
const MAX_READINGS = 20;

const AXIS_TEXT: Record<CurveView['axis'], (x: number) => string> = {
  epoch: (x) => `epoch ${significant(x, 3)}`,
  step: (x) => `step ${grouped(Math.round(x))}`,
  images: (x) => `${grouped(Math.round(x))} images`,
  seconds: (x) => duration(x),
};

/** Reads every curve at the pointer or by the arrow keys, and zooms by dragging. */
export class CurveReader {
  private stage: HTMLElement | undefined;
  private rule!: HTMLElement;
  private band!: HTMLElement;
  private readout!: HTMLElement;
  private status!: HTMLElement;
  private series: readonly Series[] = [];
  private frame!: CurveFrame;
  private view!: CurveView;
  private at: number | null = null;
  private dragFrom: number | null = null;
  private pending = 0;
  /** What the readout shows, to skip updates between two points. */
  private shown = '';

  constructor(private readonly zoom: (range: readonly [number, number] | null) => void) {}

  attach(panel: HTMLElement, series: readonly Series[], frame: CurveFrame, view: CurveView): void {
    const hadFocus = this.stage !== undefined && document.activeElement === this.stage;
    [this.series, this.frame, this.view, this.shown] = [series, frame, view, ''];
    this.stage = panel;
    panel.classList.add('stage');
    panel.tabIndex = 0;
    panel.setAttribute('role', 'group');
    panel.setAttribute('aria-label', 'Curves. Arrow keys read the values, plus and minus zoom, Escape shows all.');
    const part = (className: string, hidden = true): HTMLElement => {
      const made = document.createElement('div');
      made.className = className;
      made.hidden = hidden;
      panel.append(made);
      return made;
    };
    this.band = part('zoom-band');
    this.rule = part('read-rule');
    this.readout = part('readout');
    this.status = part('sr', false);
    this.status.setAttribute('aria-live', 'polite');
    for (const decoration of [this.band, this.rule, this.readout]) decoration.setAttribute('aria-hidden', 'true');
    panel.addEventListener('pointermove', (event) => this.onMove(event));
    panel.addEventListener('pointerleave', () => this.dragFrom === null && this.hide());
    panel.addEventListener('pointerdown', (event) => this.onDown(event));
    panel.addEventListener('pointerup', (event) => this.onUp(event));
    panel.addEventListener('dblclick', () => this.zoom(null));
    panel.addEventListener('keydown', (event) => this.onKey(event));
    if (hadFocus) panel.focus({ preventScroll: true });
  }

  private toX(pixel: number): number {
    const { left, right, x } = this.frame;
    return x[0] + Math.min(1, Math.max(0, (pixel - left) / (right - left))) * (x[1] - x[0]);
  }

  private toPixel(x: number): number {
    const { left, right } = this.frame;
    return left + ((x - this.frame.x[0]) / (this.frame.x[1] - this.frame.x[0])) * (right - left);
  }

  private offset(event: PointerEvent): { x: number; y: number } {
    const box = this.stage!.getBoundingClientRect();
    return {
      x: event.clientX - box.left + (this.stage!.querySelector('.scroll')?.scrollLeft ?? 0),
      y: event.clientY - box.top,
    };
  }

  private onMove(event: PointerEvent): void {
    const { x, y } = this.offset(event);
    if (this.dragFrom !== null) this.showBand(this.dragFrom, x);
    cancelAnimationFrame(this.pending);
    this.pending = requestAnimationFrame(() => this.show(this.toX(x), y));
  }

  private onDown(event: PointerEvent): void {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const { x, y } = this.offset(event);
    if (x < this.frame.left || x > this.frame.right || y > this.frame.bottom) return;
    this.dragFrom = x;
    this.stage!.setPointerCapture(event.pointerId);
    event.preventDefault();
    this.stage!.focus({ preventScroll: true });
  }

  private onUp(event: PointerEvent): void {
    if (this.dragFrom === null) return;
    const [from, to] = [this.dragFrom, this.offset(event).x];
    this.dragFrom = null;
    this.band.hidden = true;
    if (Math.abs(to - from) > 6) this.zoom([this.toX(Math.min(from, to)), this.toX(Math.max(from, to))]);
  }

  private showBand(from: number, to: number): void {
    const [left, right] = [
      Math.max(this.frame.left, Math.min(from, to)),
      Math.min(this.frame.right, Math.max(from, to)),
    ];
    Object.assign(this.band.style, {
      left: `${left}px`,
      width: `${right - left}px`,
      top: `${this.frame.top}px`,
      height: `${this.frame.bottom - this.frame.top}px`,
    });
    this.band.hidden = false;
  }

  private onKey(event: KeyboardEvent): void {
    const [low, high] = this.frame.x;
    const span = high - low;
    const move = (by: number): void => {
      this.show(Math.min(high, Math.max(low, (this.at ?? low) + by)), null);
      this.status.textContent = this.readout.innerText.slice(0, 900);
    };
    const center = this.at ?? low + span / 2;
    const actions: Record<string, () => void> = {
      ArrowRight: () => move(this.stepSize()),
      ArrowLeft: () => move(-this.stepSize()),
      Home: () => move(-Infinity),
      End: () => move(Infinity),
      '+': () => this.zoom([Math.max(low, center - span / 4), Math.min(high, center + span / 4)]),
      '-': () => this.zoom(null),
      Escape: () => (this.readout.hidden ? this.zoom(null) : this.hide()),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  /** One epoch, or a fiftieth of what is shown. */
  private stepSize(): number {
    return this.view.axis === 'epoch' ? 1 : (this.frame.x[1] - this.frame.x[0]) / 50;
  }

  private hide(): void {
    this.at = null;
    this.rule.hidden = true;
    this.readout.hidden = true;
  }

  private show(x: number, pointerY: number | null): void {
    this.at = x;
    const readings = this.series.flatMap((series) => {
      const point = seriesAt(series, x);
      return point && Number.isFinite(point.y) ? [{ series, ...point }] : [];
    });
    if (readings.length === 0) return this.hide();
    const snapped = readings.reduce((a, b) => (Math.abs(b.x - x) < Math.abs(a.x - x) ? b : a)).x;
    const shown = nearest(readings, MAX_READINGS, pointerY === null ? null : this.valueAt(pointerY));
    const rows = shown.map(({ series, y, index }) => {
      const { group, split, runs, reached } = series;
      const seeds = runs.length > 1 ? ` (${reached[index]} of ${runs.length} seeds)` : '';
      return html`<tr><td>${swatch(group.style)}</td><td>${written(group.label)}${this.view.splits.length > 1 ? ` ${split}` : ''}<small>${seeds}</small></td><td class="n">${metricText(this.view.metric, y)}</td></tr>`;
    });
    const more = readings.length > shown.length ? html`<p>and ${readings.length - shown.length} more</p>` : null;
    const markup = html`<p><b>${AXIS_TEXT[this.view.axis](snapped)}</b></p><table><tbody>${rows}</tbody></table>${more}`
      .markup;
    if (markup !== this.shown) this.readout.innerHTML = this.shown = markup;
    this.readout.hidden = false;
    this.place(this.toPixel(snapped));
  }

  private valueAt(pixel: number): number {
    const { top, bottom, y } = this.frame;
    const share = (bottom - pixel) / (bottom - top);
    return this.view.log
      ? Math.exp(Math.log(y[0]) + share * (Math.log(y[1]) - Math.log(y[0])))
      : y[0] + share * (y[1] - y[0]);
  }

  private place(pixel: number): void {
    const { left, right, top, bottom } = this.frame;
    Object.assign(this.rule.style, {
      transform: `translateX(${pixel}px)`,
      top: `${top}px`,
      height: `${bottom - top}px`,
    });
    this.rule.hidden = false;
    // Placed on the side with more room, by that edge: measuring the box would force a layout at every move.
    const onRight = pixel < (left + right) / 2;
    this.readout.style.transform = onRight
      ? `translate(${pixel + 14}px, ${top}px)`
      : `translate(calc(${pixel - 14}px - 100%), ${top}px)`;
  }
}

/** At most `limit` readings, highest first: those nearest to `value`, if it is known. */
function nearest<T extends { readonly y: number }>(readings: readonly T[], limit: number, value: number | null): T[] {
  const kept =
    readings.length <= limit || value === null
      ? readings.slice(0, limit)
      : [...readings].sort((a, b) => Math.abs(a.y - value) - Math.abs(b.y - value)).slice(0, limit);
  return [...kept].sort((a, b) => b.y - a.y);
}
