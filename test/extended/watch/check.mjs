// `bakeoff watch` as a process of its own beside `bakeoff run`, in a real browser: what the page shows while the run goes
// on, is killed and resumed, and while the server is killed and started again; who is refused; what watching costs.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { findBrowser } from '../../../scripts/find-browser.mjs';
import { median } from '../../bench/table.mjs';
import { report, root, skip } from '../support/checks.mjs';

const WINDOWS = 3;
const WINDOW_MS = 8000;
/** Processor time of watching, as a share of the run's. */
const MOST_SHARE = 0.02;

const folder = mkdtempSync(join(tmpdir(), 'bakeoff-watch-'));
const study = [join(import.meta.dirname, 'study.yaml'), '--out', join(folder, 'out')];
const started = new Set();
const browserPath = findBrowser();
if (browserPath === undefined) skip('watching a run', 'no Chromium');
else {
  const { chromium } = createRequire(join(root, 'test/package.json'))('playwright-core');
  const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    await watchRun(browser);
  } catch (error) {
    report('watching a run', false, error.message.replaceAll('\n', ' | '));
  } finally {
    for (const child of started) kill(child);
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function watchRun(browser) {
  let run = start('run', '--engine', 'wasm', '--jobs', '2');
  let watch = start('watch');
  const url = await firstLine(watch);
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  const faults = [];
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(url);
  await page.evaluate('window.isFirstLoad = true');
  await page.locator('figure.chart').first().scrollIntoViewIfNeeded();

  const first = await laterEpoch(page, 2);
  const drawn = await curves(page);
  const costs = await costsOf(watch, run);
  const second = await laterEpoch(page, first + 1);
  report('the page shows new epochs in list and table', second > first, `epoch ${first}, then ${second}`);
  report('its curves grow', (await curves(page)) !== drawn);
  const left = await page.locator('#live').textContent();
  report('it says how much time is left', /\babout .* left/.test(left), left.trim().slice(0, 120));
  report(
    `watching takes less than ${MOST_SHARE * 100} % of the run's processor time`,
    costs.length > 0 && median(costs) < MOST_SHARE,
    costs.length > 0
      ? `${costs.map((cost) => `${(cost * 100).toFixed(2)} %`).join(', ')}, in ${WINDOW_MS / 1000} s each`
      : 'no /proc',
  );

  kill(run);
  run = start('run', '--engine', 'wasm', '--jobs', '2');
  const third = await laterEpoch(page, second + 2);
  report('it goes on when the run was killed and started again', third > second, `epoch ${third}`);

  kill(watch);
  await page.waitForSelector('#live[data-connected=no]');
  watch = start('watch');
  const again = await firstLine(watch);
  report('a server that was killed and started again has the same address', again === url);
  await page.waitForSelector('#live[data-connected=yes]');
  const fourth = await laterEpoch(page, third + 1);
  report('the page finds it by itself', fourth > third, `epoch ${fourth}`);
  await refusals(browser, url);

  await ended(run);
  await page.locator('#live .counts', { hasText: '2 of 2' }).waitFor();
  await page.locator('#live li').first().waitFor({ state: 'detached' });
  report('it ends with the results', (await page.locator('#runs-table .status-running').count()) === 0);
  report(
    'it was never loaded again, and has no errors',
    (await page.evaluate('window.isFirstLoad === true')) && faults.length === 0,
    faults.join('; '),
  );
}

function start(command, ...options) {
  const child = spawn(process.execPath, [join(root, 'packages/cli/bin/bakeoff.js'), command, ...study, ...options], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
  });
  started.add(child);
  return child;
}

/** Kills a process and its children. */
function kill(child) {
  if (!started.delete(child)) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // They have ended.
  }
}

async function firstLine(child) {
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error(`${child.spawnargs[2]} ended without a line`);
}

async function ended(child) {
  child.stdout.resume();
  if (child.exitCode === null) await new Promise((resolve) => child.once('close', resolve));
  if (child.exitCode !== 0) throw new Error(`the run ended with exit code ${child.exitCode}`);
}

/** Waits until list and table of the page both show an epoch that a training is in, and returns it. */
async function laterEpoch(page, least) {
  const startMs = performance.now();
  for (;;) {
    const epochs = await Promise.all(['#live li', '#runs-table .status-running'].map((place) => epochIn(page, place)));
    if (Math.min(...epochs) >= least) return Math.min(...epochs);
    if (performance.now() - startMs > 90_000)
      throw new Error(`epoch ${least} is not shown after 90 s, but ${epochs.join(' and ')}`);
    await delay(100);
  }
}

async function epochIn(page, place) {
  const texts = await page.locator(place).allTextContents();
  return Math.max(0, ...texts.map((text) => Number(/running, epoch (\d+)/.exec(text)?.[1] ?? 0)));
}

async function curves(page) {
  const plot = page.locator('figure.chart svg.plot').first();
  await plot.waitFor();
  return plot.evaluate((svg) => svg.outerHTML);
}

/** The processor time of watching over the run's, in windows one after the other; empty without Linux's /proc. */
async function costsOf(watch, run) {
  if (process.platform !== 'linux') return [];
  const costs = [];
  for (let i = 0; i < WINDOWS; i++) {
    const before = [ticksOf(watch.pid), ticksOf(run.pid)];
    await delay(WINDOW_MS);
    costs.push((ticksOf(watch.pid) - before[0]) / (ticksOf(run.pid) - before[1]));
  }
  return costs;
}

/** Processor time of a process group, with what its members' ended children took, in ticks: see proc(5). */
function ticksOf(group) {
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    let stat = '';
    try {
      stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    } catch {
      continue;
    }
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(fields[2]) === group) ticks += fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
  }
  return ticks;
}

async function refusals(browser, url) {
  const foreign = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<p>foreign</p>'));
  await new Promise((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${foreign.address().port}/`);
  const events = url.replace('/?', '/events?');
  const read = await page.evaluate(
    (targets) =>
      Promise.all(
        targets.map((target) =>
          fetch(target).then(
            () => 'read',
            () => 'refused',
          ),
        ),
      ),
    [url, events],
  );
  await page.close();
  foreign.close();
  report(
    'a page of another origin is refused',
    read.every((each) => each === 'refused'),
    read.join(', '),
  );
  const statuses = await Promise.all([
    statusOf(url.replace(/\?.*/, '')),
    statusOf(`${url}x`),
    statusOf(url, { host: 'example.com' }),
    statusOf(url),
  ]);
  report(
    'a missing token, a wrong token and a foreign name are refused',
    statuses.join() === '403,403,403,200',
    statuses.join(', '),
  );
}

function statusOf(url, headers = {}) {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      resolve(response.statusCode);
      response.resume();
    }).on('error', reject);
  });
}
