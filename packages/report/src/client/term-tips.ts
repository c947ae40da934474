import { html } from '../page/html.ts';
import { Tip } from './tip.ts';

/** A term that leads to the glossary says what it means there, under the pointer or with the focus. */
export function showTerms(): void {
  const tip = new Tip('term-tip');
  for (const name of ['pointerover', 'focusin'] as const)
    document.addEventListener(name, ({ target }) => {
      const link = (target as Element).closest<HTMLAnchorElement>('a.term');
      const meaning = link && document.querySelector(`${link.getAttribute('href')} dd`)?.textContent;
      if (link && meaning) tip.show(html`<p>${meaning}</p>`.markup, link);
      else tip.hide();
    });
}
