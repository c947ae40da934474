import { cleanText } from '../text/clean-text.ts';

/** Markup that can be placed in the page safely without further escaping. */
export class Html {
  constructor(readonly markup: string) {}
  toString(): string {
    return this.markup;
  }
}

type Value = Html | string | number | null | undefined | false | readonly Value[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return cleanText(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

function render(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (Array.isArray(value)) return (value as readonly Value[]).map(render).join('');
  return escapeHtml(String(value));
}

/** Template of markup: every inserted value is escaped unless it is Html itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, i) => part + (i < values.length ? render(values[i]) : '')).join(''));
}

/** A user's text: escaped, and isolated so that its writing direction does not affect the text after it. */
export function written(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

/**
 * Marks what depends on the machine, the engine or the day by comments. Without these parts, pages of equal records are
 * equal byte for byte.
 */
export function measured(content: Html): Html {
  return new Html(`<!--measurements-->${content.markup}<!--/measurements-->`);
}

/** JSON for a data block. Nothing in it can end the script element or start a comment. */
export function jsonBlock(id: string, value: unknown): Html {
  const text = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return new Html(`<script type="application/json" id="${id}">${text}</script>`);
}
