import { percent } from '@bakeoff/statistics/formats';
import { clip } from '../../text/clip.ts';
import type { Chart, Drawing, Drawn } from '../chart.ts';
import { type Html, html, written } from '../../page/html.ts';
import { legendMarkup, swatch } from '../../page/swatch.ts';
import { withSeed } from '../labels.ts';
import { variedStyle } from '../palette.ts';

/** Pictures that a gallery shows, and runs whose answers are listed below each. */
const IMAGES = 12;
const RUNS = 8;

/** The test images that most of the runs get wrong, each with the runs' answers. */
function drawGallery({ data, groups }: Drawing): Drawn {
  const { gallery } = data;
  const runs = [...new Set(groups.flatMap((group) => group.runs))].filter((run) => gallery?.answers[run]);
  if (!gallery || runs.length === 0) return { empty: 'No evaluation of these runs kept pictures and predictions.' };
  const wrong = (image: number): number =>
    runs.filter((run) => gallery.answers[run]!.predictions[image] !== gallery.images[image]!.label).length;
  const order = gallery.images
    .map((_, image) => image)
    .sort((a, b) => wrong(b) - wrong(a) || a - b)
    .slice(0, IMAGES);
  const classes = data.datasets[data.runs[runs[0]!]!.dataset]?.classes ?? [];
  const name = (c: number): string => clip(classes[c] ?? String(c), 24);
  // One run of each group first, so that every recipe is represented.
  const entries = groups.flatMap((group) =>
    group.runs
      .filter((run) => gallery.answers[run])
      .map((run, place) => ({ group: { ...group, style: variedStyle(group.style, place) }, run, place })),
  );
  const shown = entries.sort((a, b) => a.place - b.place).slice(0, RUNS);
  const label = ({ group, run }: (typeof entries)[number]): string =>
    withSeed({ ...group, name: group.label }, data.runs[run]!.seed);
  const answer = (entry: (typeof entries)[number], image: number): Html => {
    const { predictions, confidences } = gallery.answers[entry.run]!;
    const right = predictions[image] === gallery.images[image]!.label;
    return html`<li class="${right ? 'right' : 'wrong'}">${swatch(entry.group.style)}<span class="mark">${right ? '✓' : '✗'}</span> <span class="sr">${right ? 'right' : 'wrong'}: </span><b>${written(name(predictions[image]!))}</b> ${percent(confidences[image]!, 0)} <span class="sr">${label(entry)}</span></li>`;
  };
  const items = order.map((image) => {
    const { id, label, png } = gallery.images[image]!;
    const picture =
      png === null
        ? html``
        : html`<img src="data:image/png;base64,${png}" width="96" height="96" alt="Test image ${id}, ${name(label)}">`;
    return html`<li class="picture">${picture}<p class="truth"><b>${written(name(label))}</b> <span class="by">image ${id}</span></p><p class="by">${wrong(image)} of ${runs.length} runs wrong</p><ul class="answers">${shown.map((entry) => answer(entry, image))}</ul></li>`;
  });
  const markup = html`${legendMarkup(
    shown.map((entry) => ({ style: entry.group.style, label: label(entry) })),
    groups[0]?.heading,
  )}<ul class="gallery">${items}</ul><p class="note">The ${order.length} test images that the most of ${runs.length} runs get wrong, among the images that evaluations keep as pictures (each run’s hardest images and most confident mistakes). Below each image: the answers of ${shown.length} runs with their confidence, in the legend’s order.${gallery.images[0]?.png === null ? ' The pictures were left out of this page.' : ''}</p>`;
  return { markup };
}

export const hardestImages: Chart = { title: 'Hardest images', needs: 'records', draw: drawGallery };
