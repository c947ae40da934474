import { describe, expect, it } from 'vitest';
import type { ReportData } from '../data/report-data.ts';
import { sectionNames } from './section-names.ts';

interface Entry {
  readonly title: string;
  readonly group?: string;
  readonly sweep?: Record<string, string | number | null>;
  readonly settings?: Record<string, string | number | null>;
}

/** A report of these experiments alone, one run each; ids are `e0`, `e1` and so on. */
const reportOf = (entries: readonly Entry[]): Pick<ReportData, 'experiments' | 'runs'> =>
  ({
    experiments: entries.map(({ title, group, sweep = {} }, i) => ({
      id: `e${i}`,
      title,
      group: group ?? `e${i}`,
      sweepValues: sweep,
      dataset: 0,
      runs: [i],
    })),
    runs: entries.map(({ settings = {}, sweep = {} }) => ({ settings: { ...settings, ...sweep } })),
  }) as unknown as ReportData;

function told(entries: readonly Entry[]): { heading: string | null; labels: string[]; names: string[] } {
  const { heading, labels, names } = sectionNames(reportOf(entries), [...entries.keys()]);
  return { heading, labels: [...labels.values()], names: [...names.values()] };
}

const point = (path: string, value: string | number | null, stem = 'ResNet20, dropout2d'): Entry => ({
  title: `${stem} (${path.split('.').at(-1)} ${value})`,
  group: stem,
  sweep: { [path]: value },
});

const grid = (lr: number, wd: number): Entry => ({
  title: `Net (lr ${lr}, wd ${wd})`,
  group: 'net',
  sweep: { 'optimizer.lr': lr, 'optimizer.wd': wd },
});

const long = (end: string): Entry => ({ title: `${'very '.repeat(60)}long ${end}x`.replaceAll(' ', '-') });

describe('sectionNames', () => {
  it('calls the points of a sweep by their values, below the setting’s name', () => {
    const entries = [0, 0.01, 0.03].map((value) => point('model.dropout2d', value));
    expect(told(entries)).toEqual({
      heading: 'dropout2d',
      labels: ['0', '0.01', '0.03'],
      names: ['dropout2d 0', 'dropout2d 0.01', 'dropout2d 0.03'],
    });
  });

  it('calls an experiment that differs from a sweep in the swept setting alone by its value as well', () => {
    const settings = { 'model.type': 'resnet' };
    const entries = [
      { ...point('optimizer.l2', 1e-3, 'ResNet20, weight decay'), settings },
      { ...point('optimizer.l2', 1e-5, 'ResNet20, weight decay'), settings },
      { title: 'ResNet20', settings: { ...settings, 'optimizer.l2': 0 } },
    ];
    expect(told(entries)).toMatchObject({ heading: 'l2', labels: ['0.001', '0.00001', '0 (ResNet20)'] });
    const other = [...entries.slice(0, 2), { title: 'CIFARnet', settings: { 'model.type': 'cifarnet' } }];
    expect(told(other)).toMatchObject({
      heading: null,
      labels: ['ResNet20, l2 0.001', 'ResNet20, l2 0.00001', 'CIFARnet'],
    });
  });

  it('names only the settings of a grid that differ within the section', () => {
    expect(told([grid(0.1, 1), grid(0.2, 1)])).toMatchObject({ heading: 'lr', labels: ['0.1', '0.2'] });
    expect(told([grid(0.1, 1), grid(0.2, 2)])).toMatchObject({
      heading: 'lr, wd',
      labels: ['0.1, 1', '0.2, 2'],
      names: ['lr 0.1, wd 1', 'lr 0.2, wd 2'],
    });
  });

  it('reads swept lists and maps', () => {
    const flip = '{"transforms":[{"probability":0.5,"type":"horizontalFlip"}]}';
    expect(told([point('augmentation', null), point('augmentation', flip)]).labels).toEqual(['none', 'flip 0.5']);
  });

  it('leaves out the words that all titles share, and no others', () => {
    expect(told([{ title: 'Wide net, Adam' }, { title: 'Wide net, plain SGD' }])).toEqual({
      heading: 'Wide net',
      labels: ['Adam', 'plain SGD'],
      names: ['Wide net, Adam', 'Wide net, plain SGD'],
    });
    const without = ['ResNet110', 'ResNet110 without batch norm in the blocks'];
    expect(told(without.map((title) => ({ title })))).toMatchObject({ heading: null, labels: without });
  });

  it('never gives two experiments one name, and never cuts where they differ', () => {
    expect(told([{ title: 'A' }, { title: 'A' }])).toMatchObject({ labels: ['e0', 'e1'], names: ['A (e0)', 'A (e1)'] });
    const { labels } = told([long('one'), long('two')]);
    expect(labels[0]).toMatch(/onex$/);
    expect(labels[1]).toMatch(/twox$/);
    expect(labels[0]!.length).toBeLessThanOrEqual(121);
  });
});
