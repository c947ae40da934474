// `npm start`: from a fresh clone to a comparison report of the quickstart's networks, with only Node and npm.
import { ensurePrepared, run } from './ensure-installed.mjs';

ensurePrepared();
const given = process.argv.slice(2);
// `npm start -- --jobs 1` gives options only.
const manifest = given[0] === undefined || given[0].startsWith('-') ? ['experiments/quickstart.yaml'] : [];
run(process.execPath, ['packages/cli/bin/bakeoff.js', 'run', ...manifest, ...given]);
