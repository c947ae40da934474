import type { Measurements } from '../data/measurements.ts';
import { unpackReport } from '../data/pack-report.ts';
import { applyChanges, type Change } from '../live/changes.ts';
import type { LiveUpdate } from '../live/live-update.ts';
import { isUnderway } from '../text/progress-text.ts';
import { element } from './page-context.ts';
import type { StartedPage } from './start-page.ts';
import { addTableExports } from './table-exports.ts';

/** Milliseconds until a connection that the browser gave up is tried again. */
const RETRY_MS = 2000;

/**
 * Keeps a page up to date with its study: applies what the server sends, without a reload, and connects again when the
 * connection was lost.
 */
export function followStudy(page: StartedPage): void {
  const panel = element('#live');
  let version = panel.dataset['version']!;
  const say = (connected: 'yes' | 'no', text: string): void => {
    panel.dataset['connected'] = connected;
    element('.connection', panel).textContent = text;
  };
  const connect = (): void => {
    const source = new EventSource(`events${location.search}&since=${version}`);
    source.addEventListener('open', () => say('yes', 'Live'));
    source.addEventListener('error', () => {
      const isDone = !page.context.data.runs.some(isUnderway);
      if (isDone) say('yes', 'Finished');
      else say('no', 'Not connected: the server has ended. This page goes on when it is started again.');
      // The browser tries again by itself, unless the answer was an error.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS);
    });
    source.addEventListener('update', ({ data }) => {
      const update = JSON.parse(data as string) as LiveUpdate;
      if (update.base !== null && update.base !== version) {
        source.close();
        connect();
        return;
      }
      version = update.version;
      panel.dataset['version'] = version;
      apply(page, update);
      say('yes', `Live · last change ${new Date().toLocaleTimeString()}`);
    });
    source.addEventListener('problem', ({ data }) => say('no', JSON.parse(data as string) as string));
  };
  connect();
}

function apply(page: StartedPage, { base, data, measurements, parts }: LiveUpdate): void {
  const { context } = page;
  for (const [name, markup] of Object.entries(parts)) replacePart(page, name, markup);
  if (base === null) context.update(unpackReport(data), measurements as Measurements);
  else
    context.update(
      applyChanges(context.data, data as readonly Change[]),
      applyChanges(context.measurements, measurements as readonly Change[]),
    );
}

/** Replaces a part of the page where it differs. What a reader has unfolded stays so. */
function replacePart({ context, figures, renewContents }: StartedPage, name: string, markup: string): void {
  for (const part of document.querySelectorAll<HTMLElement>(`[data-part="${name}"]`)) {
    const opened = Array.from(part.querySelectorAll('details'), ({ open }) => open);
    const scrolled = Array.from(part.querySelectorAll('.table-scroll'), ({ scrollLeft }) => scrollLeft);
    // Everything in the markup is already escaped.
    part.innerHTML = markup;
    part.querySelectorAll('details').forEach((details, i) => (details.open = opened[i] ?? false));
    part.querySelectorAll('.table-scroll').forEach((table, i) => (table.scrollLeft = scrolled[i] ?? 0));
    addTableExports(part, context.data.name);
    for (const figure of part.querySelectorAll<HTMLElement>('figure.chart')) figures.add(figure);
  }
  if (name === 'contents') renewContents();
}
