import { html, written } from '../page/html.ts';
import { plural } from '../text/plural.ts';
import type { PageContext } from './page-context.ts';

/** Pictures that the box shows at once. */
const MAX_IMAGES = 8;

/** A cell of a confusion matrix shows the pictures that evaluations kept of its images, under the pointer. */
export function showConfusionImages({ data }: PageContext): void {
  const { gallery } = data;
  if (gallery === null || gallery.images.every(({ png }) => png === null)) return;
  const box = document.createElement('div');
  box.className = 'cell-images';
  box.hidden = true;
  box.setAttribute('aria-hidden', 'true');
  document.body.append(box);

  const markup = (run: number, row: number, column: number): string | null => {
    const classes = data.datasets[data.runs[run]!.dataset]?.classes ?? [];
    const answers = gallery.answers[run];
    const images = gallery.images.filter(
      ({ label, png }, i) => png !== null && label === row && answers?.predictions[i] === column,
    );
    const count = data.runs[run]?.evaluation?.test.confusion[row]?.[column] ?? 0;
    if (count === 0) return null;
    const pictures = images
      .slice(0, MAX_IMAGES)
      .map(
        ({ id, png }) => html`<img src="data:image/png;base64,${png}" width="48" height="48" alt="Test image ${id}">`,
      );
    const kept = images.length === 0 ? 'none is kept as a picture' : `${images.length} kept as pictures`;
    return html`<p><b>${written(classes[row] ?? String(row))}</b> answered as <b>${written(classes[column] ?? String(column))}</b>: ${plural(count, 'test image')}, ${kept}</p><div>${pictures}</div>`
      .markup;
  };

  document.addEventListener('pointerover', (event) => {
    const cell = (event.target as Element).closest<HTMLElement>('[data-cell]');
    const run = cell?.closest<HTMLElement>('.panel')?.dataset['run'];
    const [row, column] = (cell?.dataset['cell'] ?? '').split('.').map(Number);
    const inside =
      run === undefined || row === undefined || column === undefined ? null : markup(Number(run), row, column);
    box.hidden = inside === null;
    if (!cell || inside === null) return;
    box.innerHTML = inside;
    const at = cell.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(at.right + 8, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${Math.max(8, Math.min(at.bottom + 8, innerHeight - box.offsetHeight - 8))}px`;
  });
}
