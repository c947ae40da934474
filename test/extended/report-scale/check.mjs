// The report of 20 runs and of 1,000 runs × 30,000 steps: time, memory and size of the build, and how fast the page
// responds in a browser.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { report, run, skip, tail } from '../support/checks.mjs';

const folder = mkdtempSync(join(tmpdir(), 'bakeoff-report-scale-'));
const tsx = (script, ...args) =>
  run(process.execPath, ['--import', 'tsx', join(import.meta.dirname, script), ...args.map(String)], {
    cwd: join(import.meta.dirname, '../..'),
  });

/** Builds a page and checks it against its limits; undefined if that failed. */
function build(name, runs, steps, limits) {
  const store = join(folder, String(runs));
  const written = tsx('write-plan.mts', store, runs, steps);
  if (!written.passed) return report(`${name}: records`, false, tail(written));
  const built = tsx('build-page.mts', store, written.stdout.trim().split('\n').at(-1));
  if (!built.passed) return report(`${name}: page`, false, tail(built));
  const { seconds, memoryMib, bytes, pageKey } = JSON.parse(built.stdout.trim().split('\n').at(-1));
  report(`${name}: built within ${limits.seconds} s`, seconds <= limits.seconds, `${seconds.toFixed(2)} s`);
  report(
    `${name}: page within ${limits.megabytes} MB`,
    bytes <= limits.megabytes * 1e6,
    `${(bytes / 1e6).toFixed(2)} MB`,
  );
  report(
    `${name}: memory within ${limits.memoryMib} MiB`,
    memoryMib <= limits.memoryMib,
    `${memoryMib.toFixed(0)} MiB`,
  );
  return pathToFileURL(join(store, pageKey)).href;
}

/** Milliseconds until the page responds, and frames per second while the pointer moves over its first curves. */
async function browse(url) {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    // The best of three, because other processes share the CPU.
    let readyMs = Infinity;
    for (let i = 0; i < 3; i++) {
      await (i === 0 ? page.goto(url) : page.reload());
      readyMs = Math.min(readyMs, await page.evaluate(() => Number(document.documentElement.dataset['readyMs'])));
    }
    const curves = page.locator('figure[data-curve]').first();
    await curves.scrollIntoViewIfNeeded();
    await curves.locator('.stage').waitFor();
    await page.waitForTimeout(1500);
    const box = await curves.locator('.stage').boundingBox();
    const frames = page.evaluate(
      () =>
        new Promise((done) => {
          let count = 0;
          const end = performance.now() + 3000;
          const frame = (now) => (count++, now < end ? requestAnimationFrame(frame) : done(count / 3));
          requestAnimationFrame(frame);
        }),
    );
    for (let i = 0; i < 180; i++) await page.mouse.move(box.x + 60 + ((i * 7) % 640), box.y + 120 + (i % 60));
    return { readyMs, framesPerSecond: await frames };
  } finally {
    await browser.close();
  }
}

try {
  build('20 runs', 20, 20_000, { seconds: 2, megabytes: 3, memoryMib: 1536 });
  const url = build('1,000 runs × 30,000 steps', 1000, 30_000, { seconds: 60, megabytes: 15, memoryMib: 1536 });
  if (url && existsSync('/usr/bin/chromium')) {
    const { readyMs, framesPerSecond } = await browse(url);
    report('1,000 runs: usable within 2 s', readyMs <= 2000, `${readyMs.toFixed(0)} ms`);
    report('1,000 runs: hovering above 30 frames per second', framesPerSecond >= 30, `${framesPerSecond.toFixed(0)}`);
  } else if (url) skip('1,000 runs in a browser', 'no /usr/bin/chromium');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
