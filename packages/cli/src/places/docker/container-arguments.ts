import { resolve } from 'node:path';
import { computes, type Plan, readsSources } from '@bakeoff/core';
import { downloadsAny, localSources, type SourcePlaces } from '../../plans/source-places.ts';
import type { Task } from '../../tasks/task.ts';
import type { ContainerEngine } from './container-engine.ts';
import type { Images } from './container-images.ts';

/** What the containers of one command have in common. */
export interface ContainerSettings extends SourcePlaces {
  readonly engine: ContainerEngine;
  readonly images: Images;
  readonly plan: Pick<Plan, 'datasets'>;
  /** A store's URL: a folder or s3://bucket/prefix. */
  readonly store: string;
  readonly workingFolder: string;
  /** The user's ids, so that files in mounted folders belong to the user; undefined if the system has no such ids. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  /** The folder with AWS profiles, if there is one. */
  readonly awsFolder: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Variables of the AWS SDK that containers inherit; their values do not appear on the command line. */
const AWS_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_PROFILE',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_S3',
];

/** What engines are asked for besides their name. */
const ENGINE_VARIABLES = ['BAKEOFF_NATIVE', 'BAKEOFF_XLA'];
/** Variables that name proxies, which containers that download inherit. */
const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/**
 * Arguments of docker or podman that run one task. The `bakeoff` command is the same as without containers, because
 * every folder it names is mounted under its own path. The root is read-only, there are no capabilities, and only
 * stages that need a network have one.
 */
export function containerArguments(task: Task, name: string, settings: ContainerSettings): string[] {
  const { engine, images, workingFolder } = settings;
  const onGpu = images.gpu !== undefined && computes(task.work.stage);
  return [
    'run',
    '--rm',
    '--interactive',
    `--name=${name}`,
    '--log-driver=none',
    '--read-only',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    ...(engine.selinux ? ['--security-opt=label=disable'] : []),
    ...userArguments(settings),
    ...networkArguments(task, settings),
    ...mountArguments(task, settings),
    `--workdir=${workingFolder}`,
    // The container's standard input ends when this process does.
    '--env=BAKEOFF_PARENT=stdin',
    ...ENGINE_VARIABLES.filter((variable) => settings.environment[variable] !== undefined).map(
      (variable) => `--env=${variable}`,
    ),
    ...(downloads(task, settings) ? PROXY_VARIABLES : [])
      .filter((variable) => settings.environment[variable] !== undefined)
      .map((variable) => `--env=${variable}`),
    ...(isS3(settings)
      ? AWS_VARIABLES.filter((variable) => settings.environment[variable] !== undefined).map(
          (variable) => `--env=${variable}`,
        )
      : []),
    ...(onGpu ? (engine.isPodman ? ['--device=nvidia.com/gpu=all'] : ['--gpus=all']) : []),
    onGpu ? (images.gpu ?? images.cpu) : images.cpu,
    ...task.command,
    '--json',
  ];
}

function userArguments({ engine, user }: ContainerSettings): string[] {
  if (user === undefined) return [];
  if (!engine.rootless) return [`--user=${user.uid}:${user.gid}`];
  return engine.isPodman ? ['--userns=keep-id', `--user=${user.uid}:${user.gid}`] : ['--user=0:0'];
}

function networkArguments(task: Task, settings: ContainerSettings): string[] {
  if (isS3(settings)) {
    const endpoint = settings.environment['AWS_ENDPOINT_URL_S3'] ?? settings.environment['AWS_ENDPOINT_URL'] ?? '';
    return /^https?:\/\/(localhost|127\.|\[::1\])/.test(endpoint) ? ['--network=host'] : [];
  }
  return downloads(task, settings) ? [] : ['--network=none'];
}

function downloads({ work }: Task, { plan, archives }: ContainerSettings): boolean {
  return readsSources(work.stage) && downloadsAny(plan.datasets, archives);
}

function mountArguments(task: Task, settings: ContainerSettings): string[] {
  const { plan, store, cacheFolder, workingFolder, awsFolder } = settings;
  const at = (path: string) => resolve(workingFolder, path);
  const mounts = isS3(settings) ? [] : [bind(at(store), at(store))];
  if (isS3(settings) && awsFolder !== undefined) mounts.push(bind(awsFolder, '/tmp/.aws', 'readonly'));
  if (readsSources(task.work.stage)) {
    mounts.push(bind(at(cacheFolder), at(cacheFolder)));
    for (const path of new Set(localSources(plan.datasets, settings).map(at)))
      mounts.push(bind(path, path, 'readonly'));
  }
  return mounts.map((mount) => `--mount=${mount}`);
}

/** One mount as a line of CSV, so that paths may contain colons and commas. */
function bind(source: string, target: string, ...flags: readonly string[]): string {
  return ['type=bind', `source=${source}`, `target=${target}`, ...flags]
    .map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
}

function isS3({ store }: ContainerSettings): boolean {
  return store.startsWith('s3:');
}
