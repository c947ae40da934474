import { html, written } from '../page/html.ts';
import { plural } from '../text/plural.ts';
import type { PageContext } from './page-context.ts';
import { Tip } from './tip.ts';

/** Pictures that the box shows at once. */
const MAX_IMAGES = 8;

/** Rows and columns that an arrow key goes on. */
const ARROWS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

const cellOf = (element: Element | null): string[] | undefined =>
  element?.closest<HTMLElement>('[data-cell]')?.dataset['cell']?.split('.');
const matrixOf = (target: EventTarget | null): Element | null =>
  (target as Element).closest('.panel[data-run] > .scroll:has([data-cell])');

/**
 * A cell of a confusion matrix tells its classes and shows the pictures that evaluations kept of its images, under the
 * pointer, or where the arrow keys are once the matrix has the focus.
 */
export function showConfusionImages(context: PageContext): void {
  const tip = new Tip('cell-images');

  const markup = (run: number, row: number, column: number): string => {
    const { data } = context;
    const { gallery } = data;
    const hasPictures = gallery?.images.some(({ png }) => png !== null) === true;
    const classes = data.datasets[data.runs[run]!.dataset]?.classes ?? [];
    const answers = gallery?.answers[run];
    const images = (gallery?.images ?? []).filter(
      ({ label, png }, i) => png !== null && label === row && answers?.predictions[i] === column,
    );
    const count = data.runs[run]?.evaluation?.test.confusion[row]?.[column] ?? 0;
    const pictures = images
      .slice(0, MAX_IMAGES)
      .map(
        ({ id, png }) => html`<img src="data:image/png;base64,${png}" width="48" height="48" alt="Test image ${id}">`,
      );
    const kept = images.length === 0 ? ', none is kept as a picture' : `, ${images.length} kept as pictures`;
    return html`<p><b>${written(classes[row] ?? String(row))}</b> answered as <b>${written(classes[column] ?? String(column))}</b>: ${plural(count, 'test image')}${hasPictures && count > 0 ? kept : ''}</p><div>${pictures}</div>`
      .markup;
  };

  const show = (cell: Element | null): void => {
    const run = cell?.closest<HTMLElement>('.panel')?.dataset['run'];
    const [row, column] = (cellOf(cell) ?? []).map(Number);
    if (!cell || run === undefined || row === undefined || column === undefined) tip.hide();
    else tip.show(markup(Number(run), row, column), cell);
  };
  document.addEventListener('pointerover', ({ target }) => show((target as Element).closest('[data-cell]')));

  // With the keyboard, the arrows walk from cell to cell.
  let current: Element | null = null;
  const goTo = (cell: Element | null): void => {
    current?.removeAttribute('data-current');
    current = cell;
    current?.setAttribute('data-current', '');
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    show(current);
  };
  document.addEventListener('focusin', ({ target }) => {
    // A click is about the cell under the pointer.
    const matrix = (target as Element).matches(':focus-visible') ? matrixOf(target) : null;
    goTo(matrix?.querySelector('[data-cell]') ?? null);
  });
  document.addEventListener('keydown', (event) => {
    const [down, right] = ARROWS[event.key] ?? [];
    const matrix = matrixOf(event.target);
    const [row, column] = (cellOf(current) ?? []).map(Number);
    if (!matrix || down === undefined || right === undefined || row === undefined || column === undefined) return;
    event.preventDefault();
    const next = matrix.querySelector(`[data-cell="${row + down}.${column + right}"]`);
    if (next) goTo(next);
  });
}
