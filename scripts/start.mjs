// `npm start`: from a fresh clone to a comparison report of the quickstart's networks, with only Node and npm.
import { ensurePrepared, run } from './ensure-installed.mjs';

ensurePrepared();
const manifest = process.argv[2] ?? 'experiments/quickstart.yaml';
run(process.execPath, ['packages/cli/bin/bakeoff.js', 'run', manifest, ...process.argv.slice(3)]);
