import { createRequire } from 'node:module';
import { hostileSpec, troubledSpec } from '@bakeoff/report/testing';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fixturePage } from '../support/fixture-page.ts';
import { type OpenedPage, drawn, hasBrowser, launch, openPage, writePage } from '../support/open-page.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds in a page into which it was loaded; `runOnly` names its rules or their tags. */
function violationsIn(page: OpenedPage['page'], runOnly: readonly string[]): Promise<string[]> {
  return page.evaluate(async (only) => {
    const { axe } = window as unknown as {
      axe: {
        run(
          root: Document,
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run(document, { runOnly: only });
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`)
          .join(' | ')}`,
    );
  }, runOnly);
}

describe.skipIf(!hasBrowser)('the report of a study with failures, or with texts that attack it', () => {
  let browser: Browser;
  let troubledUrl: string;
  beforeAll(async () => {
    browser = await launch();
    const failed = {
      stage: 'train',
      reason: 'exit code 137 (OutOfMemoryError: Container killed due to memory usage)',
      exitCode: 137,
      attempts: 3,
      jobId: null,
      logStreamName: null,
    };
    troubledUrl = await writePage(
      (
        await fixturePage({ ...troubledSpec(), testImages: 1000 }, ({ runId, experiments }) =>
          experiments.includes('failed') ? { runId, ...failed } : undefined,
        )
      ).html,
    );
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(() => browser?.close());

  test('axe finds nothing, with every chart drawn, runs picked and menus open, in either theme', async () => {
    const it = await openPage(browser, troubledUrl, { bypassCSP: true });
    await it.page.locator('#runs-table tr[data-run="0"] input').check();
    await it.page.locator('#runs-table tr[data-run="1"] input').check();
    await it.page.locator('#runs-controls .menu summary').click();
    await it.page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    await it.page.addScriptTag({ path: AXE });
    expect(
      await violationsIn(it.page, ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']),
    ).toEqual([]);
    await it.page.emulateMedia({ colorScheme: 'dark' });
    await drawn(it.page);
    // Themes differ in colors only.
    expect(await violationsIn(it.page, ['color-contrast', 'link-in-text-block'])).toEqual([]);
  });

  test('text from users is inert', async () => {
    const { html } = await fixturePage({ ...hostileSpec(), testImages: 200 });
    for (const javaScriptEnabled of [true, false]) {
      const it = await openPage(browser, await writePage(html), { javaScriptEnabled });
      const found = await it.page.locator('body').evaluate(() => ({
        elements: document.querySelectorAll(
          'iframe, object, embed, link, base, form, img:not([src^="data:image/png;base64,"]), style:not(head style), [onerror], [onload], [onclick]',
        ).length,
        scripts: [...document.querySelectorAll('script')].map((s) => s.type),
        links: [...document.querySelectorAll('a')]
          .map((a) => a.getAttribute('href')!)
          .filter(
            (href) => !/^(#|https:\/\/example\.org\/(x\.png)?$|data:application\/octet-stream;base64,)/.test(href),
          ),
      }));
      expect(found).toEqual({ elements: 0, scripts: ['application/json', 'application/json', ''], links: [] });
      expect(it.requests).toEqual([]);
      expect(await it.page.locator('main').innerText()).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
      if (javaScriptEnabled) {
        await it.page.evaluate(() => window.scrollTo(0, document.body.scrollHeight / 2));
        await it.page.locator('#runs-table tr[data-run="0"] input').check();
        await drawn(it.page);
        expect(await it.page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined();
        expect(it.messages).toEqual([]);
        expect(await it.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1280);
      }
    }
    expect(
      /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-[\w+/=]+&#39;; style-src &#39;unsafe-inline&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;"/.test(
        html,
      ),
    ).toBe(true);
  });

  test('a plan with many failures is reported accurately', async () => {
    const it = await openPage(browser, troubledUrl);
    const absent = await it.page.locator('#absent').innerText();
    for (const words of [
      'diverged: the loss was no longer a number',
      'the last failed at step 420',
      'never started',
      'trained, but has no evaluation',
      'train failed: exit code 137 (OutOfMemoryError: Container killed due to memory usage)',
    ])
      expect(absent).toContain(words);
    for (const chart of await it.page.locator('figure.chart').all()) await chart.scrollIntoViewIfNeeded();
    expect(await it.page.locator('main').innerText()).not.toMatch(/NaN|undefined|Infinity|\[object|null/);
    expect(it.messages).toEqual([]);
  });
});
