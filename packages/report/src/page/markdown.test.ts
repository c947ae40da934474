import { describe, expect, it } from 'vitest';
import { escapeHtml, html, jsonBlock } from './html.ts';
import { markdown } from './markdown.ts';

const links = (text: string): (string | undefined)[] =>
  Array.from(markdown(text).markup.matchAll(/href="([^"]*)"/g), (match) => match[1]);

describe('markdown', () => {
  it('keeps links to the web and within the page, and drops others', () => {
    expect(links('[a](https://example.org/x) [b](#methods) [c](mailto:a@b.c)')).toEqual([
      'https://example.org/x',
      '#methods',
      'mailto:a@b.c',
    ]);
    expect(
      links(
        '[a](javascript:alert(1)) [b](JaVaScRiPt&colon;alert(1)) [c](data:text/html,x) [d](file:///etc/passwd) [e](vbscript:x) <javascript:x>',
      ),
    ).toEqual([]);
  });
  it('shows markup as text and loads no image', () => {
    const { markup } = markdown('<img src=x onerror=alert(1)> ![x](https://example.org/x.png)\n\n<script>1</script>');
    expect(markup).not.toMatch(/<(img|script)/);
  });
  it('makes headings lower than the page\u2019s own', () => expect(markdown('# a').markup).toContain('<h4>a</h4>'));
  it('replaces characters that HTML does not allow', () =>
    expect(markdown('a\u0000b\uD800').markup).toContain('a\uFFFDb\uFFFD'));
});

describe('html', () => {
  it('escapes text in content and attributes, but not its own markup', () => {
    expect(html`<p title="${'"\''}">${'<b>&'}${html`<i>ok</i>`}${[1, null, false, 'x']}</p>`.markup).toBe(
      '<p title="&quot;&#39;">&lt;b&gt;&amp;<i>ok</i>1x</p>',
    );
  });
  it('replaces control characters', () => expect(escapeHtml('a\u0007b\n')).toBe('a\uFFFDb\n'));
  it('writes JSON that cannot end its script element and reads back the same', () => {
    const value = { text: '</script><!--\u2028&' };
    const { markup } = jsonBlock('x', value);
    expect(markup.indexOf('</script')).toBe(markup.length - '</script>'.length);
    expect(JSON.parse(markup.slice(markup.indexOf('>') + 1, markup.lastIndexOf('<')))).toEqual(value);
  });
});
