import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';

const EXECUTABLE = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** Whether a browser is installed; without one, the suites that need it are skipped, and say so. */
export const hasBrowser = EXECUTABLE !== undefined;
if (!hasBrowser)
  console.warn(
    '\n*** NO BROWSER FOUND: the browser tests are SKIPPED. Install chromium (Debian: apt install chromium) to run them. ***\n',
  );

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE!,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--force-color-profile=srgb',
      '--font-render-hinting=none',
    ],
  });
}

/** A page from disk, with all its console messages and requests beyond the page itself. */
export interface OpenedPage {
  readonly page: Page;
  readonly messages: string[];
  readonly requests: string[];
}

export async function writePage(html: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bakeoff-report-'));
  const file = join(folder, 'index.html');
  await writeFile(file, html);
  return pathToFileURL(file).href;
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const opened: OpenedPage = { page, messages: [], requests: [] };
  page.on('console', (message) => opened.messages.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => opened.messages.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const target = request.url();
    if (!target.startsWith(url.split('#')[0]!) && !/^(data|blob):/.test(target)) opened.requests.push(target);
  });
  await page.goto(url);
  if (options.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready]');
  return opened;
}

/** Brings a page back to what its reader first sees, without loading it again. */
export async function showAfresh(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate(async () => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('details[open]')) details.open = false;
    window.scrollTo(0, 0);
    if (location.hash === '') return;
    const changed = new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));
    location.hash = '';
    await changed;
    history.replaceState(null, '', location.pathname);
  });
}

/** Waits until every figure near the viewport is drawn at its present width. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLElement>('figure.chart')].every((figure) => {
      const { top, bottom } = figure.getBoundingClientRect();
      const width = String(figure.querySelector('.figure-body')!.clientWidth);
      return bottom < 0 || top > innerHeight || figure.dataset['drawnAt'] === width;
    }),
  );
}
