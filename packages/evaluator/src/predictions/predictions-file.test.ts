import { PredictionBuilder, scoreImages } from '@bakeoff/statistics/predictions';
import { expect, it } from 'vitest';
import { decodePredictions, encodePredictions } from './predictions-file.ts';

const split = { count: 3, labels: Uint8Array.of(1, 0, 1), ids: Int32Array.of(7, 8, 9) };

function predict(outputs: number): PredictionBuilder {
  const builder = new PredictionBuilder(split, 2, outputs);
  builder.add(Float32Array.from({ length: 2 * outputs }, (_, i) => (i * 37) % 11));
  builder.add(Float32Array.from({ length: outputs }, (_, i) => (i * 13) % 7));
  return builder;
}

it.each([2, 4, 1000])('gives the same scores from the file of a network of %i outputs', (outputs) => {
  const predictions = predict(outputs).finish();
  const reread = decodePredictions(encodePredictions(predictions), 'predictions');
  expect(reread).toEqual(predictions);
  expect(scoreImages(reread)).toEqual(scoreImages(predictions));
});

it('stores only the classes and a few numbers per image of a thousand outputs', () => {
  expect(encodePredictions(predict(1000).finish()).length).toBeLessThan(1000);
});

it('refuses to finish before every image is predicted', () => {
  const builder = new PredictionBuilder(split, 2, 2);
  builder.add(Float32Array.of(1, 2));
  expect(() => builder.finish()).toThrow('1 of 3 images');
});
