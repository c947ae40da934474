import { countTrainings } from '../data/count-trainings.ts';
import { bytes, dollars, duration, grouped, significant } from '@bakeoff/statistics/formats';
import type { Sources } from '@bakeoff/core';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData, ReportRun, RunStatus } from '../data/report-data.ts';
import { settingPaths } from '../columns/columns-of.ts';
import { settingText } from '../data/settings.ts';
import { clip } from '../text/clip.ts';
import { listed } from '../text/listed.ts';
import { plural } from '../text/plural.ts';
import { progressText } from '../text/progress-text.ts';
import { type Html, html, measured, written } from './html.ts';

function datasetItem(
  { source, images, classes, stratified, splitSeed, sourceSha256, datasetId }: ReportData['datasets'][number],
  sources: Sources,
): Html {
  return html`<dt>Dataset</dt><dd>${sources[source]?.title ?? source}: ${grouped(images.train)} training, ${grouped(images.validation)} validation and ${grouped(images.test)} held-out test images in ${classes.length} classes. The ${stratified ? 'stratified ' : ''}split follows seed ${splitSeed}; test images are used only for the final scores. <span class="id">dataset ${datasetId}, source SHA-256 ${sourceSha256.slice(0, 16)}…</span></dd>`;
}

function commonSettings(data: ReportData): Html {
  const varying = new Set(settingPaths(data));
  const common = Object.entries(data.runs[0]?.settings ?? {}).filter(([path]) => !varying.has(path));
  return html`<dt>Settings common to all runs</dt><dd>${common.map(([path, value], i) => html`${i > 0 ? ', ' : ''}<span class="setting">${written(clip(path, 60))} <b>${written(clip(settingText(value), 120))}</b></span>`)}</dd><dt>Settings that vary</dt><dd>${varying.size === 0 ? 'None: the runs differ only by seed.' : [...varying].slice(0, 40).map((path, i) => html`${i > 0 ? ', ' : ''}${written(clip(path, 60))}`)}</dd>`;
}

function gpuMarkup({ gpu, gpuMemoryMib, gpuDriver }: Measurements['engines'][number]['hardware']): Html | null {
  if (!gpu) return null;
  const details = [
    gpuMemoryMib === undefined ? '' : bytes(gpuMemoryMib * 2 ** 20),
    gpuDriver === undefined ? '' : `driver ${gpuDriver}`,
  ].filter(Boolean);
  return html`, ${written(gpu)}${details.length > 0 ? html` (${written(details.join(', '))})` : null}`;
}

function engineItems({ engines, prices }: Measurements): Html {
  const items = engines.map(
    ({ name, build, versions, hardware, bakeoffVersion, codeRevision }) =>
      html`<li><b>${written(name)}</b> (${written(build)}) on ${written(hardware.processor)}, ${plural(hardware.cores, 'core')}, ${bytes(hardware.memoryMib * 2 ** 20)}${gpuMarkup(hardware)}; Bakeoff ${written(bakeoffVersion)}, code ${written(clip(codeRevision, 16))}; ${Object.entries(versions).map(([library, version], i) => html`${i > 0 ? ', ' : ''}${written(`${library} ${version}`)}`)}</li>`,
  );
  return html`<dt>Engines and machines</dt><dd>${items.length > 0 ? html`<ul>${items}</ul>` : 'No measurement was found.'}${prices ? html`<p>Dollars are the seconds of all attempts, including start-up, times the machine’s price in ${written(prices.region)} of ${written(prices.date)}${prices.ageDays > 0 ? html`, ${plural(prices.ageDays, 'day')} before the newest training` : null} (${written(clip(prices.source, 300))}).</p>` : null}</dd>`;
}

/** Which weights are scored where a run averages them. */
function averagedMarkup({ runs }: ReportData): Html | null {
  const averaged = runs.filter(({ settings }) => settings['ema.decay'] !== undefined).length;
  if (averaged === 0) return null;
  const which = averaged === runs.length ? 'The weights are' : 'Where the setting ema is given, the weights are';
  return html` ${which} exponential moving averages over the steps, running statistics included: they are validated, chosen and scored, and training itself goes on with the weights that are not averaged.`;
}

/** How images are predicted where evaluations have test-time augmentation. */
function testTimeMarkup({ runs }: ReportData): Html | null {
  const augmented = runs.filter(({ runId }) => runId.includes(':')).length;
  if (augmented === 0) return null;
  const where = augmented === runs.length ? '' : 'Where the setting evaluation says so, ';
  const text = `${where}${where === '' ? 'E' : 'e'}ach image is predicted several times, and the logits are averaged: flip adds the mirror image, and translate adds the image moved up left and down right by so many pixels, which together weigh as much as the unmoved one. MACs and latencies are those of all these passes; such evaluations share their trainings with others that differ in nothing else.`;
  return html` ${text}`;
}

/** How the results were obtained. */
export function methodsMarkup(data: ReportData, measurements: Measurements, sources: Sources): Html {
  const seeds = [...new Set(data.runs.map((run) => run.seed))].sort((a, b) => a - b);
  return html`<section id="methods" aria-labelledby="methods-title"><h2 id="methods-title">Methods</h2><dl>${data.datasets.map((dataset) => datasetItem(dataset, sources))}
<dt>Seeds</dt><dd>${seeds.length > 12 ? `${plural(seeds.length, 'seed')}, ${seeds[0]} to ${seeds.at(-1)}` : listed(seeds.map(String))}. Each seed determines the initial weights, the order of images and dropout.</dd>
${commonSettings(data)}
<dt>Scores</dt><dd>Each run is scored with the weights of its best epoch by its selection rule on validation images.${averagedMarkup(data)}${testTimeMarkup(data)} Accuracies have Wilson score intervals. A recipe trained with several seeds is described by its mean, its sample standard deviation and an interval of the mean over the seeds and images that it might have had: seeds and images are crossed random factors, whose variances with their interaction are estimated from the answers to each image; each has its own degrees of freedom (S − 1 and N − 1) and Student’s t, and Wilson’s interval of the equivalent number of answers stays within 0–100 %.</dd>
<dt>Tests</dt><dd>Whether two trained models differ over images is tested by the exact McNemar test on the same images, which says nothing about another training. Whether two recipes differ over seeds and images is tested if each has at least three seeds: images are paired, seeds are not. P-values are adjusted by Holm’s method within each section and kind of test, and over the comparisons with the experiment that validation chooses. A pair that would be told apart alone, but not after the correction, is called suggestive. The significance level of a verdict is ${significant(data.significanceLevel, 2)}.</dd>
${measured(engineItems(measurements))}</dl></section>`;
}

/** A name that a user wrote becomes a safe file name, so that a download cannot land elsewhere. */
function safeFileName(fileName: string): string {
  return clip(fileName.split(/[\\/]/).at(-1) ?? '', 100).replace(/[^\w.-]+/g, '-') || 'manifest.yaml';
}

/** The manifest or manifests, and the commands that lead from them to this page. */
export function reproduceMarkup(data: ReportData): Html {
  const manifests = data.manifest.parts ?? [data.manifest];
  const names = manifests.map(({ fileName }) => safeFileName(fileName));
  const commands = [
    ...names.map((name) => `bakeoff run ${name}`),
    ...(names.length > 1 ? [`bakeoff report ${names.join(' ')}`] : []),
  ].join('\n');
  return html`<section id="reproduce" aria-labelledby="reproduce-title"><h2 id="reproduce-title">Reproduce</h2><p>This page is built from ${names.length === 1 ? 'one manifest' : `${names.length} manifests`}. To reproduce it with Bakeoff and the same source images, run:</p><pre class="command"><code>${commands}</code></pre>${manifests.map(({ text }, i) => manifestMarkup(names[i]!, text, names.length > 1))}<p class="id">report ${data.reportId} · plan ${data.planId}${data.comparisonId ? ` · comparison ${data.comparisonId}` : ''}</p></section>`;
}

function manifestMarkup(name: string, text: string, isOneOfSeveral: boolean): Html {
  const body = Buffer.from(text, 'utf8').toString('base64');
  return html`<p><a class="download" download="${name}" href="data:application/octet-stream;base64,${body}">Download ${name}</a></p><details><summary>The manifest${isOneOfSeveral ? ` ${name}` : ''}</summary><pre class="manifest"><code>${text}</code></pre></details>`;
}

export function caveatsMarkup(data: ReportData): Html {
  return html`<section id="caveats" aria-labelledby="caveats-title"><h2 id="caveats-title">Caveats</h2><ul class="caveats">${data.caveats.map((caveat) => html`<li>${written(clip(caveat, 600))}</li>`)}</ul></section>`;
}

const WITHOUT: Partial<Record<RunStatus, string>> = {
  diverged: 'diverged: the loss was no longer a number',
  notEvaluated: 'trained, but has no evaluation',
  missing: 'has no record',
};

/** Neither has a result nor is about to get one. */
export const isAbsent = ({ status }: Pick<ReportRun, 'status'>): boolean => status in WITHOUT || status === 'stopped';

function lastAttempt(measurement: Measurements['runs'][number]): string {
  const last = measurement?.attempts.at(-1);
  if (!last) return 'never started';
  return `${plural(measurement!.attempts.length, 'attempt')}; the last ${last.outcome === 'failed' ? 'failed' : last.outcome === 'running' ? 'was still running' : `was ${last.outcome}`} at step ${grouped(last.lastStep)} after ${duration(last.wallSeconds)}`;
}

/** Runs without a result, named one by one; null if all have one. */
export function absentMarkup(data: ReportData, measurements: Measurements): Html | null {
  const rows = data.runs.flatMap((run, i) =>
    !isAbsent(run)
      ? []
      : [
          html`<tr><th scope="row">${written(clip(data.experiments[run.experiments[0] ?? -1]?.title ?? run.runId, 90))}</th><td class="n">${run.seed}</td><td>${WITHOUT[run.status] ?? progressText(run)}${run.evaluation === null ? '' : '; scored with its best weights before that'}${run.status === 'diverged' ? ` in epoch ${run.epochs.length || 1}, after ${plural(run.steps, 'step')}` : ''}${measurements.failures[i] ? measured(html`; ${written(clip(measurements.failures[i], 500))}`) : null}</td><td>${measured(html`${lastAttempt(measurements.runs[i] ?? null)}`)}</td><td class="id">${run.runId}</td></tr>`,
        ],
  );
  if (rows.length === 0) return null;
  const absent = data.runs.filter(isAbsent);
  return html`<section id="absent" aria-labelledby="absent-title"><h2 id="absent-title">Failures and missing runs</h2><p>${plural(countTrainings(absent), 'planned training')} of ${countTrainings(data.runs)} diverged or ${countTrainings(absent) === 1 ? 'has' : 'have'} no result. Curves of diverged runs are drawn up to the divergence.</p><div class="table-scroll" tabindex="0" role="region" aria-label="Runs without a result"><table><thead><tr><th scope="col" class="left">Experiment</th><th scope="col" class="n">Seed</th><th scope="col" class="left">What happened</th><th scope="col" class="left">Attempts</th><th scope="col" class="left">Run</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

/** Attempts that were lost or resumed, with their time and cost; shown if any run needed more than one. */
export function attemptsMarkup(data: ReportData, measurements: Measurements): Html | null {
  const repeated = data.runs.flatMap((run, i) =>
    (measurements.runs[i]?.attempts.length ?? 0) > 1 ? [{ run, measurement: measurements.runs[i]! }] : [],
  );
  if (repeated.length === 0) return null;
  const rows = repeated
    .slice(0, 200)
    .map(
      ({ run, measurement }) =>
        html`<tr><th scope="row">${written(clip(data.experiments[run.experiments[0] ?? -1]?.title ?? '', 90))}, seed ${run.seed}</th><td>${measurement.attempts.map((a, i) => html`${i > 0 ? '; ' : ''}${a.outcome}, steps ${grouped(a.firstStep)}–${grouped(a.lastStep)}, ${duration(a.wallSeconds)}${a.host ? html` on ${written(a.host)}` : null}`)}</td><td class="n">${duration(measurement.jobSeconds)}</td><td class="n">${duration(measurement.lostSeconds)}</td><td class="n">${measurement.dollars === null ? '–' : dollars(measurement.dollars)}</td></tr>`,
    );
  return html`<section id="attempts" aria-labelledby="attempts-title"><h2 id="attempts-title">Interrupted and resumed runs</h2><div class="table-scroll" tabindex="0" role="region" aria-label="Attempts"><table><thead><tr><th scope="col" class="left">Run</th><th scope="col" class="left">Attempts</th><th scope="col" class="n">Time</th><th scope="col" class="n">Time lost</th><th scope="col" class="n">Cost</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}
