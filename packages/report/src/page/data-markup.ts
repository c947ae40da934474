import { grouped } from '@bakeoff/statistics/formats';
import type { DatasetSamples, ReportData } from '../data/report-data.ts';
import { clip } from '../text/clip.ts';
import { plural } from '../text/plural.ts';
import { type Html, html, written } from './html.ts';

/** Height in pixels at which samples are shown; small images are enlarged by whole factors. */
const SHOWN_HEIGHT = 48;

function classFigure({ width, height }: DatasetSamples, { name, count, png }: DatasetSamples['classes'][number]): Html {
  const zoom = Math.max(1, Math.floor(SHOWN_HEIGHT / height));
  return html`<figure class="samples"><img src="data:image/png;base64,${png}" width="${width * count * zoom}" height="${height * zoom}" alt="${plural(count, 'training image')} of class ${name}"><figcaption>${written(clip(name, 40))}</figcaption></figure>`;
}

function sheet({ datasetId, source, images, classes, samples }: ReportData['datasets'][number]): Html | null {
  if (samples === null) return null;
  const left = classes.length - samples.classes.length;
  const counts = `${grouped(images.train)} training, ${grouped(images.validation)} validation and ${grouped(images.test)} test images in ${plural(classes.length, 'class', 'classes')}`;
  return html`<p class="prose">${written(source)}: ${counts}. The first training images of each class${left > 0 ? `, of ${samples.classes.length} of the classes` : ''}: <span class="id">dataset ${datasetId}</span></p><div class="sheet">${samples.classes.map((each) => classFigure(samples, each))}</div>`;
}

/** A few training images of each class; null if there are no pictures. */
export function dataMarkup(data: ReportData): Html | null {
  const sheets = data.datasets.flatMap((dataset) => sheet(dataset) ?? []);
  if (sheets.length === 0) return null;
  return html`<section id="images" aria-labelledby="images-title"><h2 id="images-title">Data</h2>${sheets}</section>`;
}
