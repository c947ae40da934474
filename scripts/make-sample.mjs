// Makes docs/sample from a finished store: the page without pictures, the manifest, and the records that hold its
// figures.
//   usage: node scripts/make-sample.mjs MANIFEST STORE_FOLDER
// The dataset is not ours to ship, so pictures, predictions, shards and models are left out.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensurePrepared, root, run } from './ensure-installed.mjs';

const RECORDS =
  /^(plans\/[^/]+\/plan|datasets\/[^/]+\/index|runs\/[^/]+\/(config|run|measurements\/[^/]+)|evaluations\/[^/]+\/(evaluation|measurements\/[^/]+)|comparisons\/[^/]+\/comparison)\.json$/;

const [manifest, store] = process.argv.slice(2);
const sample = join(root, 'docs/sample');
const records = join(sample, 'records');
ensurePrepared();
const files = readdirSync(store, { recursive: true }).filter((file) => RECORDS.test(file));
const plans = files.filter((file) => file.startsWith('plans/'));
if (plans.length !== 1) throw new Error(`${store} holds ${plans.length} plans; a sample shows one`);

const { planId, name } = read(plans[0]);
run(process.execPath, ['packages/cli/bin/bakeoff.js', 'report', '--plan', planId, '--store', store, '--no-pictures']);
rmSync(records, { recursive: true, force: true });
mkdirSync(records, { recursive: true });
copyFileSync(manifest, join(sample, 'manifest.yaml'));
copyFileSync(join(store, `reports/latest/${name}/index.html`), join(sample, 'index.html'));
for (const file of files) {
  const place = join(records, file);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(
    place,
    JSON.stringify(read(file), (name, value) => (name === 'png' ? undefined : value)),
  );
}

function read(file) {
  return JSON.parse(readFileSync(join(store, file), 'utf8'));
}
