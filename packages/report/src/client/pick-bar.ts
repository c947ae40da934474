import { html } from '../page/html.ts';
import { plural } from '../text/plural.ts';
import type { PageContext } from './page-context.ts';

/** A bar that stays in view while runs are picked, and leads to where they are compared. */
export function addPickBar(context: PageContext): void {
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
        : html`<span>${plural(length, 'picked run')}</span> <a href="#comparison">Compare and explore</a> <button type="button">Clear</button>`
            .markup;
  };
  bar.addEventListener('click', (event) => {
    if ((event.target as HTMLElement).closest('button')) context.set({ picked: [] });
  });
  context.onChange(update);
  update();
}
