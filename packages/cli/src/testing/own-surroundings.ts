import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3TestServer } from '@bakeoff/core/testing';

/** What a test has changed of its process, to be put back. */
export interface Surroundings {
  /** The new working folder. */
  readonly folder: string;
  readonly restore: () => Promise<void>;
}

/**
 * Moves to a working folder of its own, with a cache of its own and no program that could be started.
 * @param server Reached by stores of `s3://` if it is given.
 */
export async function ownSurroundings(server?: S3TestServer): Promise<Surroundings> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'bakeoff-cli-')));
  const before = process.cwd();
  const credentials = server?.options.credentials;
  const restoreVariables = setVariables({
    XDG_CACHE_HOME: join(folder, 'cache'),
    PATH: '',
    BAKEOFF_STORE: undefined,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...(server === undefined ? {} : { AWS_ENDPOINT_URL: server.endpoint }),
    ...(credentials === undefined
      ? {}
      : { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey }),
  });
  process.chdir(folder);
  return {
    folder,
    restore: async () => {
      process.chdir(before);
      restoreVariables();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Returns what puts the variables back. */
function setVariables(variables: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  assignVariables(variables);
  return () => assignVariables(before);
}

function assignVariables(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
}
