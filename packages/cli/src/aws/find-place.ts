import { prefixes, type Store } from '@bakeoff/core';
import { readableStore } from '../plans/readable-store.ts';
import type { StoreOptions } from '../plans/store-url.ts';
import { DEFAULT_STACK } from './default-stack.ts';
import { findDeployment } from './deployment.ts';

export interface DeployedOptions extends StoreOptions {
  /** Absent unless it was given. */
  readonly stack?: string;
}

/** Where a command looks: a store, or a deployment, whose services know more than its store. */
type Place = { readonly store: Store } | { readonly stack: string };

/** As `createExecutionId` makes them, or Step Functions for what a schedule starts: UUIDs. */
const EXECUTION_ID = /-\d{8}T\d{6}Z-[0-9a-f]{4}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/**
 * The store that is named; the deployment that is named, or that has the execution that is named; otherwise the store that
 * a command has written to last from this folder, or the default deployment if there is none.
 */
export async function findPlace(options: DeployedOptions, id?: string): Promise<Place> {
  const { stack = DEFAULT_STACK } = options;
  const isNamed = options.store !== undefined || options.out !== undefined;
  if (!isNamed && (options.stack !== undefined || (id !== undefined && EXECUTION_ID.test(id)))) return { stack };
  const store = await readableStore(options);
  if (store.url.startsWith('s3:')) return (await isStoreOf(store.url, stack)) ? { stack } : { store };
  if (isNamed) return { store };
  for await (const _ of store.list(prefixes.plans)) return { store };
  return { stack };
}

/** A server that replaces S3 alone belongs to no deployment; one that replaces all of AWS is asked. */
async function isStoreOf(url: string, stack: string): Promise<boolean> {
  if (process.env['AWS_ENDPOINT_URL_S3']) return false;
  const deployment = await findDeployment(stack).catch(() => undefined);
  return deployment?.storeUrl === url;
}
