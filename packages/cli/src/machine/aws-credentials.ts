import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Looks in the order of the AWS SDK, without the network. Only AWS knows whether the credentials are valid. */
export function findCredentials(environment: NodeJS.ProcessEnv): string | null {
  if (environment['AWS_ACCESS_KEY_ID'] && environment['AWS_SECRET_ACCESS_KEY']) return 'in the environment';
  if (profileFiles(environment).some((file) => existsSync(file))) return `by profile ${profileOf(environment)}`;
  if (environment['AWS_WEB_IDENTITY_TOKEN_FILE']) return 'by web identity';
  if (environment['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] || environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'])
    return "by the container's role";
  return null;
}

/** Where the AWS SDK has looked for credentials in vain, and what is there instead. */
export function searchedPlaces(environment: NodeJS.ProcessEnv): string {
  const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].filter((name) => !environment[name]);
  const unset = keys.length === 0 ? [] : [`${keys.join(' and ')} ${keys.length === 1 ? 'is' : 'are'} not set`];
  const role = environment['AWS_EC2_METADATA_DISABLED'] === 'true' ? [] : ['no role of a container or an instance'];
  return [...unset, profileText(environment), ...role].join('; ');
}

function profileText(environment: NodeJS.ProcessEnv): string {
  const profile = profileOf(environment);
  const files = profileFiles(environment);
  const written = files.filter((file) => existsSync(file));
  if (written.length === 0) return `no profile ${profile}: neither ${files.map(tilde).join(' nor ')} exists`;
  const names = [...new Set(written.flatMap(profilesIn))];
  const places = written.map(tilde).join(' and ');
  if (names.includes(profile)) return `profile ${profile} in ${places} gives none`;
  return `no profile ${profile} in ${places}${names.length === 0 ? '' : `, only ${names.join(', ')}`}`;
}

/** The names of profiles in a file of the AWS CLI: `[name]`, in its configuration also `[profile name]`. */
function profilesIn(file: string): string[] {
  try {
    const sections = readFileSync(file, 'utf8').matchAll(/^\s*\[\s*(?:profile\s+)?([^\]\s]+)\s*\]/gm);
    return [...sections].map(([, name = '']) => name);
  } catch {
    return [];
  }
}

function profileOf(environment: NodeJS.ProcessEnv): string {
  return environment['AWS_PROFILE'] || 'default';
}

function profileFiles(environment: NodeJS.ProcessEnv): string[] {
  return [
    environment['AWS_SHARED_CREDENTIALS_FILE'] || join(homedir(), '.aws/credentials'),
    environment['AWS_CONFIG_FILE'] || join(homedir(), '.aws/config'),
  ];
}

function tilde(path: string): string {
  const home = homedir();
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
