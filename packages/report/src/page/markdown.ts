import MarkdownIt from 'markdown-it';
import { cleanText } from '../text/clean-text.ts';
import { Html } from './html.ts';

/** No raw HTML, no images (they would be fetched), and only links to the web and within the page. */
const parser = new MarkdownIt({ html: false, linkify: false, typographer: false });
parser.disable('image');
parser.validateLink = (url) => /^(https?:|mailto:|#)/i.test(url.trim());
const plainOpen =
  parser.renderer.rules['link_open'] ??
  ((tokens, index, options, _env, self) => self.renderToken(tokens, index, options));
parser.renderer.rules['link_open'] = (tokens, index, options, env, self) => {
  tokens[index]?.attrSet('rel', 'noreferrer noopener');
  return plainOpen(tokens, index, options, env, self);
};
// The page itself uses heading levels one to three.
for (const rule of ['heading_open', 'heading_close'] as const) {
  parser.renderer.rules[rule] = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    if (token) token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 3)}`;
    return self.renderToken(tokens, index, options);
  };
}

/** A manifest's Markdown as inert markup. */
export function markdown(text: string): Html {
  return new Html(`<div class="prose" dir="auto">${parser.render(cleanText(text))}</div>`);
}
