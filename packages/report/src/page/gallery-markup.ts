import type { Group } from '../charts/view.ts';
import type { ReportData } from '../data/report-data.ts';
import { clip, percent } from '../format.ts';
import { type Html, html, written } from './html.ts';

/** Pictures a gallery shows, and runs whose answers stand beneath each. */
const IMAGES = 12;
const RUNS = 8;

/** The test images that most of the runs get wrong, each with the runs' answers. */
export function galleryMarkup(data: ReportData, groups: readonly Group[]): Html {
  const { gallery } = data;
  const runs = [...new Set(groups.flatMap((group) => group.runs))].filter((run) => gallery?.answers[run]);
  if (!gallery || runs.length === 0) return html`<p class="empty">No evaluation of these runs kept pictures and predictions.</p>`;
  const wrong = (image: number): number => runs.filter((run) => gallery.answers[run]!.predictions[image] !== gallery.images[image]!.label).length;
  const order = gallery.images.map((_, image) => image).sort((a, b) => wrong(b) - wrong(a) || a - b).slice(0, IMAGES);
  const classes = data.datasets[data.runs[runs[0]!]!.dataset]?.classes ?? [];
  const name = (c: number): string => clip(classes[c] ?? String(c), 24);
  // One run an experiment first, so that every recipe has its say.
  const firsts = groups.flatMap((group) => group.runs.find((run) => gallery.answers[run]) ?? []);
  const shown = [...new Set([...firsts, ...runs])].slice(0, RUNS);
  const answer = (run: number, image: number): Html => {
    const { predictions, confidences } = gallery.answers[run]!;
    const right = predictions[image] === gallery.images[image]!.label;
    const experiment = data.experiments[data.runs[run]!.experiments[0] ?? -1];
    return html`<li class="${right ? 'right' : 'wrong'}"><span class="mark" aria-label="${right ? 'right' : 'wrong'}">${right ? '✓' : '✗'}</span> <b>${written(name(predictions[image]!))}</b> ${percent(confidences[image]!, 0)} <span class="by">${written(clip(experiment?.title ?? '', 28))}, seed ${data.runs[run]!.seed}</span></li>`;
  };
  const items = order.map((image) => {
    const { id, label, png } = gallery.images[image]!;
    return html`<li class="picture"><img src="data:image/png;base64,${png}" width="96" height="96" alt="Test image ${id}, ${name(label)}"><p class="truth"><b>${written(name(label))}</b> <span class="by">image ${id}</span></p><p class="by">${wrong(image)} of ${runs.length} runs wrong</p><ul class="answers">${shown.map((run) => answer(run, image))}</ul></li>`;
  });
  return html`<ul class="gallery">${items}</ul><p class="note">The ${order.length} test images that most of ${runs.length} runs get wrong, among those that evaluations keep pictures of (each run’s hardest and its confident mistakes). Below each, up to ${RUNS} runs’ answers with their confidence.</p>`;
}
