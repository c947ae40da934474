// usage: tsx write-plan.mts FOLDER RUNS STEPS: writes a plan's records and prints its id.
import { FileStore } from '@bakeoff/core/file';
import { scaleSpec, writeFixture } from '@bakeoff/report/testing';

const [folder = '', runs, steps] = process.argv.slice(2);
const { planId } = await writeFixture(new FileStore(folder), scaleSpec(Number(runs), Number(steps)), {
  shareHistories: true,
});
console.log(planId);
