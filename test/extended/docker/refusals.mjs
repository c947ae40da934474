import { chmodSync } from 'node:fs';
import { report, tail } from '../support/checks.mjs';
import { docker } from './engine.mjs';
import { preparedCopy, runOf } from './endings.mjs';
import { IMAGE } from './images.mjs';
import { bakeoff } from './pipelines.mjs';

/** What a container lacks is reported in one message, with exit code 2. */
export function checkRefusals(folder) {
  const { planId, runId } = runOf(`${folder}/plain`, 'cifarnet');
  const store = preparedCopy(folder, 'refused');
  const train = (...options) =>
    docker(
      'run',
      '--rm',
      '--read-only',
      '--network=none',
      ...options,
      IMAGE,
      'train',
      '--plan',
      planId,
      '--run',
      runId,
      '--store',
      'out',
    );
  says('a container without its volume', train(), 'no volume is mounted for the store');
  says('a container whose volume is read-only', train(`--volume=${store}:/data/out:ro`), 'is mounted read-only');
  says(
    'a container with too little memory',
    train(`--volume=${store}:/data/out`, '--memory=150m'),
    'too little memory for train cifarnet',
  );
  chmodSync(store, 0o555);
  says('a container without write permission', train(`--volume=${store}:/data/out`), 'permission is denied');
  says(
    'run --docker without its image',
    bakeoff(['run', 'experiments/tiny.yaml', '--docker', '--image', 'no-such-image', '--out', 'nothing'], folder),
    'there is no image no-such-image',
  );
}

function says(who, ended, message) {
  const errors = ended.stderr.split('\n').filter((line) => /error|failed|✖/.test(line));
  const said =
    ended.status === 2 && ended.stderr.includes(message) && errors.length === 1 && !/^\s+at /m.test(ended.stderr);
  report(`${who} says so in one message`, said, said ? '' : `exit code ${ended.status}: ${tail(ended)}`);
}
