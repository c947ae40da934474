import { MemoryStore, type Plan } from '@bakeoff/core';
import { small, studySpec, writeFixture } from '@bakeoff/report/testing';
import { rewindRun } from '@bakeoff/trainer/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LiveServer, serveLive } from '../../packages/cli/src/watch/live-server.ts';
import { WatchedStudy } from '../../packages/cli/src/watch/watched-study.ts';
import { hasBrowser, launch, openPage, writePage } from '../support/open-page.ts';

const NOW_MS = Date.UTC(2026, 0, 2);

describe.skipIf(!hasBrowser)('a live page in a browser', () => {
  let browser: Browser;
  let store: MemoryStore;
  let finished: Map<string, Uint8Array>;
  let plan: Plan;
  let study: WatchedStudy;
  let server: LiveServer;
  beforeAll(async () => {
    browser = await launch();
    store = new MemoryStore();
    plan = await writeFixture(store, small(studySpec()));
    finished = new Map();
    for await (const { key } of store.list('')) finished.set(key, (await store.get(key))!);
    for await (const { key } of store.list('comparisons/')) await store.delete(key);
    await trained(3);
    await serve(0);
  });
  afterAll(async () => {
    await server.close();
    await browser.close();
  });

  async function serve(port: number): Promise<void> {
    const clock = { nowMs: () => NOW_MS, elapsedMs: () => 0 };
    study = new WatchedStudy({ store, clock, log: () => undefined, signal: new AbortController().signal }, plan);
    server = await serveLive(study, { port, token: 'a-token' });
  }

  /** The first run has finished so many epochs. */
  async function trained(epochs: number): Promise<void> {
    const run = plan.runs[0]!;
    for (const [key, body] of finished) if (key.startsWith(`runs/${run.runId}/`)) await store.put(key, body);
    await rewindRun(store, run, { epochs, outcome: 'running', startMs: NOW_MS - 30_000, wallSeconds: 30 });
  }

  test('is renewed without a reload, connects again by itself, and is closed to other pages', async () => {
    const { page, messages } = await openPage(browser, server.url);
    await page.waitForSelector('#live[data-connected=yes]');
    const status = page.locator('#live li').first();
    const cell = page.locator('#runs-table tr[data-run="0"] .status-running');
    const accuracies = (): Promise<string> =>
      page
        .locator('figure.chart')
        .first()
        .locator('svg.plot')
        .first()
        .evaluate((svg) => svg.outerHTML);
    expect(await status.textContent()).toContain('running, epoch 4 of');
    expect(await cell.textContent()).toContain('running, epoch 4 of');
    await page.locator('[name=filter]').fill('seed=1');
    await page.locator('figure.chart').first().scrollIntoViewIfNeeded();
    await page.waitForSelector('figure.chart svg.plot');
    const before = await accuracies();
    await page.evaluate(() => ((window as { unloaded?: boolean }).unloaded = false));

    await trained(5);
    await study.refresh();
    await page.locator('#live li', { hasText: 'running, epoch 6 of' }).waitFor();
    expect(await cell.textContent()).toContain('running, epoch 6 of');
    await page.waitForFunction((old) => document.querySelector('figure.chart svg.plot')?.outerHTML !== old, before);

    const port = Number(new URL(server.url).port);
    await server.close();
    await page.waitForSelector('#live[data-connected=no]');
    await trained(6);
    await serve(port);
    await page.waitForSelector('#live[data-connected=yes]');
    await page.locator('#live li', { hasText: 'running, epoch 7 of' }).waitFor();

    for (const [key, body] of finished) await store.put(key, body);
    await study.refresh();
    await page.locator('#live .counts', { hasText: `${plan.runs.length} of ${plan.runs.length}` }).waitFor();
    expect(await page.locator('#live li').count()).toBe(0);
    expect(await page.locator('[name=filter]').inputValue()).toBe('seed=1');
    expect(await page.evaluate(() => (window as { unloaded?: boolean }).unloaded)).toBe(false);
    // While nothing answers, the browser says so itself.
    expect(messages.filter((message) => !message.includes('ERR_'))).toEqual([]);
    await page.context().close();

    const other = await openPage(browser, await writePage('<html data-ready="yes"><body></body></html>'));
    const read = (url: string): Promise<string> =>
      other.page.evaluate(
        (target) =>
          fetch(target)
            .then((answer) => answer.text())
            .catch(() => 'refused'),
        url,
      );
    expect(await read(server.url)).toBe('refused');
    expect(await read(server.url.replace('/?', '/events?'))).toBe('refused');
    await other.page.context().close();
  });
});
