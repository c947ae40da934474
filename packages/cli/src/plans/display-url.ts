import { isAbsolute, relative } from 'node:path';

/** A store or a file as a user would type it: a relative path if it is below the working folder. */
export function displayUrl(url: string): string {
  if (!isAbsolute(url)) return url;
  const path = relative(process.cwd(), url);
  return path !== '' && !path.startsWith('..') ? path : url;
}

/** The address of an object in a store, to open or to copy. */
export function objectUrl(storeUrl: string, key: string): string {
  return displayUrl(`${storeUrl.replace(/\/$/, '')}/${key}`);
}
