import { expect, it } from 'vitest';
import { studySpec, troubledSpec } from '../testing/fixture-plan.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';

it('says in two sentences which is best by its title, and how many pairs of recipes and of single trainings are told apart', async () => {
  const { data } = await fixtureReport(small(studySpec()));
  for (const { findings, recipePairs, checkpoints } of data.sections) {
    expect(findings).toHaveLength(2);
    expect(findings[0]).toMatch(
      /^(ResNet|CIFARnet).* has the highest validation accuracy here, and [\d.]+\u00A0% on the test images/,
    );
    const apart = [recipePairs, checkpoints].map(
      (pairs) => pairs.filter(({ verdict }) => verdict === 'better' || verdict === 'worse').length,
    );
    expect(findings[1]).toBe(
      `Told apart after correction: ${apart[0]} of ${recipePairs.length} pairs of recipes; ${apart[1]} of ${checkpoints.length} pairs of single trainings.`,
    );
  }
  // The counts differ, so that one cannot stand for the other.
  const told = /(\d+) of 24 pairs of recipes; (\d+) of 30 pairs of single trainings\./.exec(data.summary.join('\n'));
  expect(Number(told?.[1])).not.toBe(Number(told?.[2]));
});

it('says nothing of a section without results, and that recipes were not tested with one seed each', async () => {
  const { data } = await fixtureReport(small(troubledSpec()));
  expect(data.sections.at(-1)!.findings).toEqual([]);
  expect(data.summary.join('\n')).not.toContain('pairs of recipes;');
});
