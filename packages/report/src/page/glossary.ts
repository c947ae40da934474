import { scoreFigure } from '@bakeoff/statistics/metrics';
import { type Html, html } from './html.ts';

interface Term {
  readonly id: string;
  readonly name: string;
  readonly meaning: string;
  /** How texts write it, besides its name. */
  readonly also?: readonly string[];
  /** A word that everyone reads; texts do not link it. */
  readonly common?: true;
}

/** What a reader may not know, in the order of the glossary. */
const TERMS: readonly Term[] = [
  {
    id: 'validation',
    common: true,
    name: 'Validation accuracy',
    meaning:
      'Share of the validation images classified correctly. These images are not trained on; they choose the epoch of each training and the best experiment.',
  },
  {
    id: 'test',
    common: true,
    name: 'Test accuracy',
    meaning:
      'Share of the held-out test images classified correctly. These images choose nothing, so the figure is a fair estimate for new images.',
  },
  {
    id: 'balanced',
    name: 'Balanced accuracy',
    meaning: `${scoreFigure('balancedAccuracy').meaning}.`,
  },
  { id: 'macro-f1', name: 'Macro F1', meaning: `${scoreFigure('macroF1').meaning}.` },
  {
    id: 'seed',
    common: true,
    name: 'Seed',
    meaning:
      'The number from which initial weights, the order of images and dropout follow. Trainings of one recipe with several seeds show how much chance matters.',
  },
  {
    id: 'search',
    common: true,
    name: 'Search',
    meaning:
      'Trials of one experiment with settings that are spread evenly over ranges. Validation accuracy chooses one trial; only that one is compared, and only its test accuracy is reported.',
  },
  {
    id: 'interval',
    name: '95 % interval',
    meaning:
      'A range made by a method that covers the true value in 95 of 100 studies like this one. With several seeds it covers other seeds and other test images; with one seed, other test images only.',
    also: ['95 % intervals', '95\u00A0% interval', '95\u00A0% intervals'],
  },
  {
    id: 'deviation',
    name: 'Standard deviation',
    meaning: 'How far trainings of one recipe with different seeds are from their mean, typically. Written after ±.',
  },
  {
    id: 'p',
    name: 'p value',
    meaning:
      'How often a difference at least this large would come about by chance if there were none. Small values are evidence of a difference.',
    also: ['p values', 'p-value', 'p-values', 'P-values'],
  },
  {
    id: 'holm',
    name: 'Holm’s method',
    meaning:
      'A correction of p values for the number of pairs compared, so that many comparisons do not produce a difference by chance (Holm, 1979).',
    also: ["Holm's method", 'Holm’s correction', "Holm's correction", 'Holm'],
  },
  {
    id: 'mcnemar',
    name: 'McNemar’s test',
    meaning:
      'Compares two trained models on the same images by those that only one of them classifies correctly (McNemar, 1947). It says nothing about another training.',
    also: ["McNemar's test", 'McNemar test', 'McNemar'],
  },
  {
    id: 'suggestive',
    name: 'Suggestive',
    meaning:
      'A difference that one comparison alone would show, but that is not shown after the correction for the number of pairs: worth another training, not yet a result.',
  },
  {
    id: 'crossed',
    name: 'Crossed factors',
    meaning:
      'Every seed’s model answers every image, so seeds and images vary together. Intervals and tests of recipes count both, and their interaction.',
    also: ['crossed random factors'],
  },
  {
    id: 'recipe',
    common: true,
    name: 'Recipe',
    meaning: 'All settings of a training except its seed: network, optimizer, schedule, batch size, augmentation.',
  },
  {
    id: 'macs',
    name: 'MACs',
    meaning:
      'Multiply-accumulates of convolutions and dense layers, for one image, forward only: what a prediction costs on any machine.',
    also: ['multiply-accumulates'],
  },
  {
    id: 'nll',
    name: 'NLL',
    meaning: `${scoreFigure('testNll').meaning}: the mean of −ln(probability given to the right class). Lower is better.`,
    also: ['Test NLL', 'negative log likelihood'],
  },
  {
    id: 'ece',
    name: 'ECE',
    meaning: `${scoreFigure('ece').meaning}: how far confidence is from accuracy, over bins of confidence. Lower is better.`,
    also: ['expected calibration error', 'Expected calibration error'],
  },
  {
    id: 'brier',
    name: 'Brier score',
    meaning:
      'Mean squared difference between the predicted probabilities and the right answer (Brier, 1950). Lower is better.',
  },
  {
    id: 'gap',
    common: true,
    name: 'Generalization gap',
    meaning:
      'Training accuracy minus test accuracy, in points: how much better a model does on what it was trained on.',
  },
  {
    id: 'wilson',
    name: 'Wilson interval',
    meaning: 'An interval of a share, such as an accuracy, that stays within 0 % to 100 % (Wilson, 1927).',
    also: ['Wilson score intervals', 'Wilson score interval', 'Wilson intervals'],
  },
  {
    id: 'front',
    name: 'Pareto front',
    meaning: 'The experiments that no other beats in accuracy at the same or a lower cost.',
  },
];

const spellings = TERMS.filter(({ common }) => !common)
  .flatMap(({ id, name, also = [] }) => [name, ...also].map((text) => ({ id, text })))
  .sort((a, b) => b.text.length - a.text.length);
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const PATTERN = new RegExp(`(?<![\\w-])(${spellings.map(({ text }) => escaped(text)).join('|')})(?![\\w-])`, 'gi');
const idOf = new Map(spellings.map(({ id, text }) => [text.toLowerCase(), id]));

/** Text in which the first mention of each term leads to the glossary. */
export function termed(text: string): Html {
  const seen = new Set<string>();
  const parts = text.split(PATTERN).map((part, i): Html | string => {
    const id = i % 2 === 1 ? idOf.get(part.toLowerCase()) : undefined;
    if (id === undefined || seen.has(id)) return part;
    seen.add(id);
    return html`<a class="term" href="#term-${id}">${part}</a>`;
  });
  return html`<bdi>${parts}</bdi>`;
}

/** The section that explains the terms. */
export function glossaryMarkup(): Html {
  return html`<section id="glossary" aria-labelledby="glossary-title"><h2 id="glossary-title">Glossary</h2><dl class="glossary">${TERMS.map(({ id, name, meaning }) => html`<div id="term-${id}"><dt>${name}</dt><dd>${meaning}</dd></div>`)}</dl></section>`;
}
