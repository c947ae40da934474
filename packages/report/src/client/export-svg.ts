import { escapeHtml } from '../page/html.ts';

const GAP = 16;
const LINE = 20;
const FONT = 'system-ui, "Helvetica Neue", Arial, sans-serif';

/** Replaces the page's colors by their present values, so that the picture stands alone. */
function standalone(markup: string): string {
  const style = getComputedStyle(document.documentElement);
  return markup.replace(/var\(--([\w-]+)\)/g, (_, name: string) => style.getPropertyValue(`--${name}`).trim());
}

const label = (text: string, x: number, y: number, weight = 400): string =>
  `<text x="${x}" y="${y}" font-weight="${weight}" font-size="13" fill="currentColor">${escapeHtml(text)}</text>`;

/** A figure's caption, legend and panels below each other as one SVG in the colors of the present theme. */
export function figureSvg(figure: HTMLElement): string {
  const parts: string[] = [];
  let [width, y] = [0, 0];
  const caption = figure.querySelector('figcaption .title')?.textContent ?? '';
  parts.push(label(caption, 0, (y += LINE) - 5, 600));
  for (const entry of figure.querySelectorAll('.legend li')) {
    const swatch = entry.querySelector('svg');
    if (swatch) parts.push(place(swatch, 0, y + 3));
    parts.push(label(entry.textContent?.trim() ?? '', 36, (y += LINE) - 6));
  }
  for (const panel of figure.querySelectorAll('.panel')) {
    const svg = panel.querySelector('svg.plot');
    if (!svg) continue;
    const title = panel.querySelector('.panel-title')?.textContent;
    if (title) parts.push(label(title, 0, (y += LINE) - 5, 600));
    parts.push(place(svg, 0, y));
    width = Math.max(width, Number(svg.getAttribute('width')));
    y += Number(svg.getAttribute('height')) + GAP;
  }
  const ink = 'color:var(--ink);background:var(--paper)';
  return standalone(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" font-family="${escapeHtml(FONT)}" style="${ink}"><title>${escapeHtml(caption)}</title><style>text,tspan{white-space:pre}</style><rect width="100%" height="100%" fill="var(--paper)"/>${parts.join('')}</svg>`,
  );
}

function place(svg: Element, x: number, y: number): string {
  const copy = svg.cloneNode(true) as Element;
  copy.setAttribute('x', String(x));
  copy.setAttribute('y', String(y));
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  if (copy.classList.contains('swatch')) {
    copy.setAttribute('fill', 'currentColor');
    copy.querySelector('path')?.setAttribute('stroke', 'currentColor');
  }
  return new XMLSerializer().serializeToString(copy);
}
