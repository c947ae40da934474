import type { ChartName } from '../charts/registry.ts';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData } from '../data/report-data.ts';
import { type State, decodeState, encodeState } from './state.ts';

/** The page's data and the reader's choices. Parts of the page listen for changes. */
export class PageContext {
  state: State;
  private readonly listeners: ((changed: ReadonlySet<keyof State>) => void)[] = [];
  private readonly dataListeners: (() => void)[] = [];

  constructor(
    public data: ReportData,
    public measurements: Measurements,
    private readonly charts: readonly ChartName[],
  ) {
    this.state = decodeState(location.hash, data, charts);
    addEventListener('hashchange', () => {
      // A plain anchor only scrolls; the hash of a state changes the state.
      if (location.hash === '' || location.hash.includes('='))
        this.apply(decodeState(location.hash, this.data, this.charts), false);
    });
  }

  onChange(listener: (changed: ReadonlySet<keyof State>) => void): void {
    this.listeners.push(listener);
  }

  /** Called when records have changed, in a page that follows a study. */
  onData(listener: () => void): void {
    this.dataListeners.push(listener);
  }

  update(data: ReportData, measurements: Measurements): void {
    this.data = data;
    this.measurements = measurements;
    for (const listener of this.dataListeners) listener();
  }

  set(change: Partial<State>): void {
    this.apply({ ...this.state, ...change }, true);
  }

  private apply(next: State, write: boolean): void {
    const changed = new Set(
      (Object.keys(next) as (keyof State)[]).filter(
        (key) => JSON.stringify(next[key]) !== JSON.stringify(this.state[key]),
      ),
    );
    this.state = next;
    if (changed.size === 0) return;
    if (write) {
      const hash = encodeState(next, this.data);
      history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#${hash}`);
    }
    for (const listener of this.listeners) listener(changed);
  }
}

/** An element that every page has. */
export function element(selector: string, root: ParentNode = document): HTMLElement {
  const found = root.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`no ${selector} in the page`);
  return found;
}
