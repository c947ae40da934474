import { readFile } from 'node:fs/promises';
import {
  comparisonId,
  evaluationId,
  evaluationRecordSchema,
  keys,
  readComparison,
  readJson,
  runRecordSchema,
} from '@bakeoff/core';
import type { Plan, Store } from '@bakeoff/core';
import { unpackReport } from '@bakeoff/report';
import { studySpec } from '@bakeoff/report/testing';
import type { Browser, BrowserContextOptions, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fixturePage } from '../support/fixture-page.ts';
import { type OpenedPage, drawn, hasBrowser, launch, openPage, showAfresh, writePage } from '../support/open-page.ts';

const scrollTo = async ({ page }: OpenedPage, selector: string): Promise<void> => {
  await page.locator(selector).first().scrollIntoViewIfNeeded();
  await drawn(page);
};
const faded = (chart: Locator): Promise<number> => chart.locator('.plot .faded').count();

const figure = (title: string, nth = 0): string => `figure.chart:has(figcaption:has-text("${title}")) >> nth=${nth}`;

describe.skipIf(!hasBrowser)('the report in a browser', () => {
  let browser: Browser;
  let url: string;
  let store: Store;
  let plan: Plan;
  beforeAll(async () => {
    browser = await launch();
    const made = await fixturePage({ ...studySpec(), testImages: 2000 });
    ({ store, plan } = made);
    url = await writePage(made.html);
  });
  afterAll(() => browser?.close());

  const opened: OpenedPage[] = [];
  afterEach(() =>
    Promise.all(
      browser
        .contexts()
        .filter((context) => context !== shared?.page.context())
        .map((context) => context.close()),
    ),
  );
  afterAll(() => shared?.page.context().close());
  let shared: OpenedPage | undefined;
  /** A page with its own settings; without settings, the page that tests share, as a reader first sees it. */
  const open = async (options?: BrowserContextOptions): Promise<OpenedPage> => {
    if (options === undefined && shared) {
      await showAfresh(shared.page);
      return shared;
    }
    const page = await openPage(browser, url, options);
    opened.push(page);
    if (options === undefined) shared = page;
    return page;
  };
  test('logs nothing to the console and makes no requests', async () => {
    const it = await open();
    await it.page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await drawn(it.page);
    expect(it.messages).toEqual([]);
    expect(it.requests).toEqual([]);
  });

  test('shows the value of every curve under the pointer, with the records\u2019 figures', async () => {
    const it = await open();
    const chart = it.page.locator(figure('Validation accuracy'));
    await chart.scrollIntoViewIfNeeded();
    await chart.locator('.stage').waitFor();
    const box = (await chart.locator('.stage').boundingBox())!;
    const tick = (await chart.locator('svg.plot text', { hasText: /^4$/ }).boundingBox())!;
    await it.page.mouse.move(tick.x + tick.width / 2, box.y + 150);
    await chart.locator('.readout').waitFor({ state: 'visible' });
    const text = await chart.locator('.readout').innerText();
    expect(text).toContain('epoch 4');
    const values = await Promise.all(
      plan.experiments
        .filter((e) => ['cifarnet', 'resnet110'].includes(e.id))
        .map(async (experiment) => {
          const records = await Promise.all(
            experiment.runIds.map((id) => readJson(store, keys.runRecord(id), runRecordSchema)),
          );
          return `${((100 * records.reduce((sum, r) => sum + r!.epochs[3]!.validationAccuracy, 0)) / records.length).toFixed(2)}\u00A0%`;
        }),
    );
    for (const value of values) expect(text).toContain(value);
    await it.page.mouse.move(5, 5);
    await chart.locator('.readout').waitFor({ state: 'hidden' });
  });

  test('changes axis, curves, smoothing, scale and seeds, and keeps them in the address', async () => {
    const it = await open();
    const chart = it.page.locator(figure('Training loss'));
    await chart.scrollIntoViewIfNeeded();
    await chart.locator('.controls').waitFor();
    const alt = () => chart.locator('svg.plot').first().getAttribute('aria-label');
    for (const [value, name] of [
      ['epoch', 'against epoch'],
      ['images', 'against images seen'],
      ['seconds', 'against wall-clock time'],
      ['step', 'against step'],
    ] as const) {
      await chart.locator('[name=axis]').selectOption(value);
      expect(await alt()).toContain(name);
    }
    await chart.locator('[name=splits]').selectOption('train~validation');
    expect(await alt()).toContain('Training and Validation loss');
    const path = () =>
      chart
        .locator('svg.plot path')
        .evaluateAll((paths) =>
          paths.map((p) => p.getAttribute('d') ?? '').reduce((a, b) => (b.length > a.length ? b : a)),
        );
    const rough = await path();
    await chart.locator('[name=smoothing]').fill('0.9');
    expect(await path()).not.toBe(rough);
    await chart.locator('[name=log]').check();
    const lines = await chart.locator('svg.plot g path[d]').count();
    await chart.locator('[name=seeds]').check();
    expect(await chart.locator('svg.plot g path[d]').count()).toBeGreaterThan(lines);
    const hash = new URL(it.page.url()).hash;
    for (const part of ['smoothing%3A0.9', 'log%3Atrue', 'seeds%3Aeach', 'splits%3Atrain%7Evalidation'])
      expect(hash).toContain(part);
    const drawn = await path();
    await it.page.reload();
    await it.page.waitForSelector('html[data-ready]');
    await chart.scrollIntoViewIfNeeded();
    await chart.locator('.controls').waitFor();
    expect(await path()).toBe(drawn);
    await chart.locator('[data-reset]').click();
    expect(new URL(it.page.url()).hash).not.toContain('smoothing');
  });

  test('zooms by dragging and by keys, and resets', async () => {
    const it = await open();
    const chart = it.page.locator(figure('Validation accuracy'));
    await chart.scrollIntoViewIfNeeded();
    const stage = chart.locator('.stage');
    await stage.waitFor();
    const ticks = () => chart.locator('svg.plot').first().textContent();
    const whole = await ticks();
    const box = (await stage.boundingBox())!;
    await it.page.mouse.move(box.x + 200, box.y + 100);
    await it.page.mouse.down();
    await it.page.mouse.move(box.x + 400, box.y + 120, { steps: 4 });
    await it.page.mouse.up();
    await expect.poll(ticks).not.toBe(whole);
    expect(new URL(it.page.url()).hash).toContain('zoom');
    await stage.focus();
    await it.page.keyboard.press('ArrowRight');
    expect(await chart.locator('[aria-live]').innerText()).toMatch(/epoch/);
    await it.page.keyboard.press('Escape');
    await it.page.keyboard.press('Escape');
    await expect.poll(ticks).toBe(whole);
    await stage.focus();
    await it.page.keyboard.press('+');
    await expect.poll(ticks).not.toBe(whole);
  });

  test('sorts, filters, groups the table and chooses columns', async () => {
    const it = await open();
    const cells = (id: string) =>
      it.page.evaluate((column) => {
        const index = [...document.querySelectorAll('#runs-table thead th, #runs-table thead td')].findIndex(
          (h) => (h as HTMLElement).dataset['column'] === column,
        );
        return [...document.querySelectorAll('#runs-table tr[data-run]')].map((row) =>
          Number((row.children[index] as HTMLElement).dataset['v']),
        );
      }, id);
    await it.page.locator('#runs-table th[data-column=testAccuracy] button').click();
    const sorted = await cells('testAccuracy');
    expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
    expect(await it.page.locator('#runs-table th[data-column=testAccuracy]').getAttribute('aria-sort')).toBe(
      'descending',
    );
    await it.page.locator('#runs-table th[data-column=testAccuracy] button').click();
    expect(await cells('testAccuracy')).toEqual([...sorted].reverse());
    await it.page.locator('#runs-controls [name=filter]').fill('dropout2d<0.1 seed=2');
    expect(await it.page.locator('#runs-table tr[data-run]').count()).toBe(2);
    await it.page.locator('#runs-controls [name=filter]').fill('testAccuracy > 80');
    expect((await cells('testAccuracy')).every((v) => v > 0.8)).toBe(true);
    await it.page.locator('#runs-controls [name=filter]').fill('tstAccuracy > 80');
    expect(await it.page.locator('.problems').innerText()).toContain('no column “tstAccuracy”');
    await it.page.locator('#runs-controls [name=filter]').fill('');
    expect(await it.page.locator('.problems').innerText()).toBe('');
    await it.page.locator('#runs-controls [name=groupBy]').selectOption('setting:model.dropout2d');
    const groups = it.page.locator('#runs-table tr.group');
    expect(await groups.locator('th').allInnerTexts()).toEqual(
      ['0', '0.03', '0.1', '0.2', 'none'].map((value) => expect.stringContaining(`dropout2d ${value}`)),
    );
    expect(await groups.first().innerText()).toMatch(/\d+\.\d\d\u00A0% ± \d+\.\d\d/);
    await it.page.locator('#runs-controls [name=groupBy]').selectOption('sweep');
    expect(await it.page.locator('#runs-table tr.group').count()).toBe(4);
    await it.page.locator('#runs-controls .menu summary').click();
    await it.page.locator('.menu input[data-column=brier]').check();
    expect(await it.page.locator('#runs-table th[data-column=brier]').count()).toBe(1);
    await it.page.keyboard.press('Escape');
    expect(await it.page.locator('.menu[open]').count()).toBe(0);
    expect(await it.page.evaluate(() => document.activeElement?.textContent)).toBe('Columns');
    expect(new URL(it.page.url()).hash).toMatch(/group=sweep.*columns=/);
  });

  test('picked runs go to the explorer, to a side-by-side table and into the address, but leave sections\u2019 figures as they are; the paired counts are the comparison\u2019s', async () => {
    const it = await open();
    const evaluations: Record<string, string | null> = Object.fromEntries(
      await Promise.all(
        plan.runs.map(async ({ runId }) => [
          runId,
          (await store.get(keys.evaluationRecord(evaluationId(runId)))) ? evaluationId(runId) : null,
        ]),
      ),
    );
    const comparison = (await readComparison(store, comparisonId(plan.planId, evaluations)))!;
    const pair = comparison.sections[0]!.checkpoints[0]!;
    // The last section has curves of other experiments than those picked, too.
    const other = it.page.locator(figure('Validation accuracy', 1));
    await scrollTo(it, figure('Validation accuracy', 1));
    await other.locator('.stage').waitFor();
    const before = await other.locator('.figure-body').innerHTML();
    for (const { runId } of [pair.a, pair.b])
      await it.page
        .locator(`#runs-table tr[data-run="${plan.runs.findIndex((r) => r.runId === runId)}"] input`)
        .check();
    const row = await it.page.locator('table.pairs tbody tr').first().locator('td.n').allInnerTexts();
    const { both, onlyA, onlyB, neither } = pair.counts;
    expect(row.slice(0, 4).map((text) => Number(text.replaceAll(',', '')))).toEqual([both, onlyA, onlyB, neither]);
    expect(await it.page.locator('.side-by-side tr.changed').count()).toBeGreaterThan(0);
    expect(await it.page.locator('.toolbar').innerText()).toContain('2 picked runs');
    const rows = it.page.locator('table.side-by-side tbody tr');
    const all = await rows.count();
    await it.page.locator('[name=differences]').check();
    expect(await rows.count()).toBeLessThan(all);
    for (const shown of await rows.all())
      expect(new Set(await shown.locator('td').allInnerTexts()).size).toBeGreaterThan(1);
    await it.page.locator('[name=differences]').uncheck();
    await scrollTo(it, '#comparison figure');
    await expect.poll(() => it.page.locator('#comparison .legend li').count()).toBe(2);
    await scrollTo(it, figure('Validation accuracy', 1));
    expect(await other.locator('.figure-body').innerHTML()).toBe(before);
    const hash = new URL(it.page.url()).hash;
    const again = await openPage(browser, `${url}${hash}`);
    expect(await again.page.locator('#runs-table tr.picked').count()).toBe(2);
    expect(await again.page.locator('.side-by-side').count()).toBe(1);
    await again.page.locator('.toolbar button').click();
    expect(await again.page.locator('#runs-table tr.picked').count()).toBe(0);
    expect(new URL(again.page.url()).hash).toBe('');
  });

  test('series stand out under the pointer, stay alone by a click in the legend, and are picked by their marks', async () => {
    const it = await open();
    const first = it.page.locator(figure('Validation accuracy'));
    const scatter = it.page.locator(figure('Accuracy against multiply-accumulates'));
    await first.scrollIntoViewIfNeeded();
    await first.locator('.stage').waitFor();
    await first.locator('.legend button').first().hover();
    expect(await faded(first)).toBeGreaterThan(0);
    await it.page.mouse.move(0, 0);
    expect(await faded(first)).toBe(0);
    await first.locator('.legend button').first().click();
    await it.page.mouse.move(0, 0);
    expect(await first.locator('.legend button').first().getAttribute('aria-pressed')).toBe('true');
    // The section's other figures follow; another section's do not.
    for (const [chart, isScope] of [
      [first, true],
      [scatter, true],
      [it.page.locator(figure('Accuracy against parameters')), false],
    ] as const)
      expect((await faded(chart)) > 0).toBe(isScope);
    await first.locator('[data-do=pick]').click();
    expect(await it.page.locator('.toolbar').innerText()).toContain('3 picked runs');
    await first.locator('[data-do=all]').click();
    expect(await faded(scatter)).toBe(0);
    await it.page.locator('.toolbar button').click();
    await scatter.scrollIntoViewIfNeeded();
    await drawn(it.page);
    await scatter.locator('.plot [data-series^="5."]').last().click();
    await expect.poll(() => it.page.locator('#runs-table tr.picked').count()).toBe(3);
    expect(await it.page.locator('#runs-table tr.picked').allInnerTexts()).toEqual(
      Array.from({ length: 3 }, () => expect.stringContaining('ResNet110')),
    );
  });

  test('a cell of a confusion matrix shows the pictures of its images', async () => {
    const it = await open();
    const data = unpackReport(JSON.parse((await it.page.locator('#data').textContent())!));
    await scrollTo(it, figure('Confusion matrices'));
    const panel = it.page.locator(figure('Confusion matrices')).locator('.panel[data-run]').first();
    const run = Number(await panel.getAttribute('data-run'));
    const at = data.gallery!.images.findIndex(({ label }, i) => data.gallery!.answers[run]!.predictions[i] !== label);
    const cell = `${data.gallery!.images[at]!.label}.${data.gallery!.answers[run]!.predictions[at]}`;
    await panel.locator(`[data-cell="${cell}"]`).hover({ force: true });
    const box = it.page.locator('.cell-images');
    expect(await box.locator('img').evaluateAll((images) => images.map((i) => (i as HTMLImageElement).src))).toContain(
      `data:image/png;base64,${data.gallery!.images[at]!.png}`,
    );
    await it.page.mouse.move(0, 0);
    expect(await box.isVisible()).toBe(false);

    // Whoever uses the keys has a visible focus, which a script passes on.
    await it.page.keyboard.press('Tab');
    await panel.locator('.scroll').focus();
    const [first, second] = data.datasets[0]!.classes;
    expect(await box.innerText()).toContain(`${first} answered as ${first}`);
    for (const key of ['ArrowLeft', 'ArrowDown', 'ArrowRight']) await it.page.keyboard.press(key);
    expect(await box.innerText()).toContain(`${second} answered as ${second}`);
    await it.page.keyboard.press('Escape');
    expect(await box.isVisible()).toBe(false);
  });

  test('a term says what it means under the pointer and with the focus', async () => {
    const it = await open();
    const term = it.page.locator('a.term').first();
    const meaning = await it.page.locator(`${await term.getAttribute('href')} dd`).innerText();
    const box = it.page.locator('.term-tip');
    await term.hover();
    expect(await box.innerText()).toBe(meaning);
    await it.page.mouse.move(0, 0);
    expect(await box.isVisible()).toBe(false);
    await term.focus();
    expect(await box.innerText()).toBe(meaning);
  });

  test('draws every chart in the explorer, without a message', async () => {
    const it = await open();
    const choice = it.page.locator('#comparison [name=chart]');
    for (const chart of await choice
      .locator('option')
      .evaluateAll((options) => options.map((o) => (o as HTMLOptionElement).value))) {
      await choice.selectOption(chart);
      await scrollTo(it, '#comparison figure');
      await expect.poll(() => it.page.locator('#comparison .figure-body > *').count()).toBeGreaterThan(0);
      expect(await it.page.locator('#comparison .figure-body .empty').count(), chart).toBe(0);
    }
    expect(it.messages).toEqual([]);
  });

  test('exports what the table shows, as CSV and JSON with every digit', async () => {
    const it = await open();
    await it.page.locator('#runs-controls [name=filter]').fill('cifarnet');
    const save = async (act: string): Promise<string> => {
      const [file] = await Promise.all([
        it.page.waitForEvent('download'),
        it.page.locator(`[data-act=${act}]`).click(),
      ]);
      return readFile(await file.path(), 'utf8');
    };
    const rows = JSON.parse(await save('json')) as Record<string, unknown>[];
    expect(rows).toHaveLength(3);
    const [first] = rows;
    const evaluation = (await readJson(
      store,
      keys.evaluationRecord(evaluationId(String(first!['runId']))),
      evaluationRecordSchema,
    ))!;
    expect(first!['testAccuracy']).toBe(evaluation.test.accuracy);
    expect(first!['testNll']).toBe(evaluation.test.nll);
    const csv = await save('csv');
    expect(csv.split('\r\n')[1]).toContain(String(evaluation.test.nll));
    const latex = await save('latex');
    expect(latex).toContain('\\begin{tabular}{lrlr');
    expect(latex).toContain(`${(100 * evaluation.test.accuracy).toFixed(2)}~\\%`);
  });

  test('saves every table as CSV and LaTeX, and every figure as an SVG that stands alone', async () => {
    const it = await open();
    const save = async (button: Locator): Promise<{ name: string; text: string }> => {
      const [file] = await Promise.all([it.page.waitForEvent('download'), button.click()]);
      return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
    };
    const tables = await it.page.locator('.table-scroll table:not(#runs-table)').count();
    expect(await it.page.locator('.exports [data-format=csv]').count()).toBe(tables);
    const csv = await save(it.page.locator('#section-1 > .exports [data-format=csv]'));
    expect(csv.name).toBe('depth-and-dropout-experiments-of-section-1.csv');
    const data = unpackReport(JSON.parse((await it.page.locator('#data').textContent())!));
    const accuracies = csv.text.trim().split('\r\n').slice(1);
    expect(accuracies).toHaveLength(3);
    for (const index of data.sections[0]!.experiments)
      expect(csv.text).toContain(`,${data.experiments[index]!.test!.mean},`);
    const latex = await save(it.page.locator('#section-1 > .exports [data-format=latex]'));
    expect(latex.text).toMatch(/\\toprule\nExperiment & .*\\\\\n\\midrule/);
    const picture = await save(it.page.locator(figure('Accuracy against multiply')).locator('.save'));
    expect(picture.name).toMatch(/^depth-and-dropout-accuracyVsMacs-1\.3\.svg$/);
    expect(picture.text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="\d+" height="\d+"/);
    expect(picture.text).not.toContain('var(--');
    const problem = await it.page.evaluate(
      (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')?.textContent,
      picture.text,
    );
    expect(problem).toBeUndefined();
  });

  test('downloads the manifest byte for byte', async () => {
    const it = await open();
    const [file] = await Promise.all([it.page.waitForEvent('download'), it.page.locator('a.download').click()]);
    expect(await readFile(await file.path(), 'utf8')).toBe(plan.manifest.text);
    expect(file.suggestedFilename()).toBe(plan.manifest.fileName);
  });

  test('the theme follows the system until the reader chooses', async () => {
    const it = await open({ colorScheme: 'dark' });
    const paper = () => it.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await paper()).toBe('rgb(20, 23, 26)');
    await it.page.locator('button.theme').click();
    expect(await paper()).toBe('rgb(255, 255, 255)');
    await it.page.locator('button.theme').click();
    expect(await paper()).toBe('rgb(20, 23, 26)');
  });

  test('is complete with JavaScript off', async () => {
    const it = await open({ javaScriptEnabled: false });
    const text = await it.page.locator('main').innerText();
    for (const words of [
      'is best;',
      'CIFARnet has five times the parameters',
      'has the highest validation accuracy here',
      'Methods',
      'Reproduce',
      'Caveats',
      'Glossary',
    ])
      expect(text.toLowerCase()).toContain(words.toLowerCase());
    const charts = plan.report.sections.flatMap((s) => s.charts);
    expect(await it.page.locator('figure.chart').count()).toBe(charts.length);
    expect(await it.page.locator('figure.chart svg.plot').count()).toBeGreaterThanOrEqual(charts.length - 1);
    expect(await it.page.locator('.gallery img').count()).toBe(12);
    expect(await it.page.locator('#runs-table tbody tr').count()).toBe(plan.runs.length);
    expect(await it.page.locator('#runs-table input').count()).toBe(0);
    expect(it.messages.filter((m) => !/Content Security|script/i.test(m))).toEqual([]);
  });

  test('fits a phone without scrolling sideways, with its charts redrawn to the width', async () => {
    const it = await open({ viewport: { width: 375, height: 800 }, isMobile: true });
    expect(await it.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    await scrollTo(it, figure('Validation accuracy'));
    expect(
      Number(await it.page.locator(figure('Validation accuracy')).locator('svg.plot').getAttribute('width')),
    ).toBeLessThanOrEqual(375);
  });

  test('the figures in the page equal the records\u2019 to the last digit', async () => {
    const it = await open();
    const shown = await it.page.evaluate(() => {
      const heads = [...document.querySelectorAll('#runs-table thead th, #runs-table thead td')].map(
        (h) => (h as HTMLElement).dataset['column'],
      );
      return [...document.querySelectorAll('#runs-table tr[data-run]')].map((row) => ({
        index: Number((row as HTMLElement).dataset['run']),
        cells: Object.fromEntries(
          [...row.children].map((cell, i) => [heads[i] ?? 'pick', (cell as HTMLElement).dataset['v']]),
        ),
      }));
    });
    expect(shown).toHaveLength(plan.runs.length);
    const data = unpackReport(JSON.parse((await it.page.locator('#data').textContent())!));
    for (const { index, cells } of shown) {
      const run = data.runs[index]!;
      const record = (await readJson(store, keys.runRecord(run.runId), runRecordSchema))!;
      const evaluation = (await readJson(
        store,
        keys.evaluationRecord(evaluationId(run.runId)),
        evaluationRecordSchema,
      ))!;
      expect(run.epochs).toEqual(record.epochs);
      expect(run.evaluation!.test).toEqual(evaluation.test);
      expect(Number(cells['testAccuracy'])).toBe(evaluation.test.accuracy);
      expect(Number(cells['testNll'])).toBe(evaluation.test.nll);
      expect(Number(cells['validationLast'])).toBe(record.epochs.at(-1)!.validationAccuracy);
      expect(Number(cells['macs'])).toBe(record.macs);
    }
  });

  test('targets measure at least 24 pixels, at a desk and on a phone', async () => {
    const it = await open();
    await it.page.locator('#runs-controls .menu summary').click();
    for (const width of [1280, 390]) {
      await it.page.setViewportSize({ width, height: 900 });
      const small = await it.page
        .locator('button, select, summary, input:not([type=checkbox], [type=range])')
        .evaluateAll((targets) =>
          targets
            .filter((target) => target.checkVisibility() && !target.matches('.head'))
            .map((target) => ({ text: target.textContent?.slice(0, 40), box: target.getBoundingClientRect() }))
            .filter(({ box }) => box.width < 24 || box.height < 24)
            .map(({ text, box }) => `${text}: ${box.width} × ${box.height}`),
        );
      expect(small, `${width} pixels`).toEqual([]);
    }
    await it.page.setViewportSize({ width: 1280, height: 900 });
  });

  test('on a phone, the contents are a menu; terms lead to the glossary without a script', async () => {
    const it = await open({ viewport: { width: 390, height: 844 }, isMobile: true, javaScriptEnabled: false });
    const menu = it.page.locator('.contents-menu');
    await menu.locator('summary').click();
    await menu.locator('a[href="#runs"]').click();
    expect(Math.abs(await it.page.locator('#runs').evaluate((e) => e.getBoundingClientRect().top))).toBeLessThan(80);
    const links = await it.page
      .locator('a.term')
      .evaluateAll((terms) => [...new Set(terms.map((a) => a.getAttribute('href')!))]);
    expect(links.length).toBeGreaterThan(4);
    for (const href of links) expect(await it.page.locator(`#glossary ${href}`).count(), href).toBe(1);
  });

  test('none of the pages opened above logged anything or made requests', () => {
    expect(opened.length).toBeGreaterThanOrEqual(5);
    expect(opened.flatMap(({ messages }) => messages.filter((m) => !/Content Security|script/i.test(m)))).toEqual([]);
    expect(opened.flatMap(({ requests }) => requests)).toEqual([]);
  });
});
