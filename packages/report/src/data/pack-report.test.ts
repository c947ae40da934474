import { expect, it } from 'vitest';
import { hostileSpec, studySpec, troubledSpec } from '../testing/fixture-plan.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';
import { packReport, unpackReport } from './pack-report.ts';

it.each([small(studySpec()), small(troubledSpec()), hostileSpec()])(
  'the page\u2019s data block restores $name exactly, and is smaller',
  async (spec) => {
    const { data } = await fixtureReport(spec);
    const packed = JSON.stringify(packReport(data));
    const plain = JSON.stringify(data);
    expect(unpackReport(JSON.parse(packed))).toEqual(JSON.parse(plain));
    expect(packed.length).toBeLessThan(plain.length);
  },
);
