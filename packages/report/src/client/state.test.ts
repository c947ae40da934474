import { describe, expect, it } from 'vitest';
import { studySpec } from '../testing/fixture-plan.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';
import { INITIAL, type State, decodeState, encodeState } from './state.ts';

describe('the state in the address', async () => {
  const { data } = await fixtureReport(small(studySpec()));
  const decode = (hash: string) => decodeState(hash, data, ['validationAccuracy', 'confusion']);

  it('is empty for a reader who chose nothing', () => {
    expect(encodeState(INITIAL, data)).toBe('');
    expect(decode('')).toEqual(INITIAL);
  });

  it('survives a round trip', () => {
    const state: State = {
      picked: [1, 5],
      sort: { column: 'setting:model.dropout2d', descending: true },
      groupBy: 'setting:model.dropout2d',
      filter: 'a&b=c d%',
      columns: ['experiment', 'seed'],
      explore: 'confusion',
      differencesOnly: true,
      curves: {
        2: {
          axis: 'images',
          splits: ['train', 'validation'],
          smoothing: 0.9,
          log: true,
          seeds: 'each',
          zoom: [1.5, 20],
        },
        3: { zoom: null },
      },
    };
    const back = decode(`#${encodeState(state, data)}`);
    expect({ ...back, curves: { 2: back.curves[2] } }).toEqual({ ...state, curves: { 2: state.curves[2] } });
  });

  it('tells evaluations of one training apart', () => {
    const [first, ...others] = data.runs as [(typeof data.runs)[number]];
    const twice = { ...data, runs: [first, { ...first, runId: `${first.runId}:flip+translate1` }, ...others] };
    for (const picked of [[0], [1], [0, 1]])
      expect(decodeState(encodeState({ ...INITIAL, picked }, twice), twice, []).picked).toEqual(picked);
  });

  it('ignores what it does not know: runs of another report, axes, numbers out of range, charts', () => {
    expect(
      decode(
        '#runs=ffffffff,zz&sort=&group=setting:nonsense&chart=%3Cscript%3E&f1=axis:nowhere,smoothing:7,zoom:9~1,splits:x&f99999999999=&fx=1',
      ),
    ).toMatchObject({ picked: [], groupBy: 'none', explore: 'validationAccuracy', curves: { 1: {} } });
  });
});
