import { isAbsolute, relative } from 'node:path';

/** A store or a file as a person would type it: relative where it lies below the working folder. */
export function displayUrl(url: string): string {
  if (!isAbsolute(url)) return url;
  const path = relative(process.cwd(), url);
  return path !== '' && !path.startsWith('..') ? path : url;
}

/** Where an object of a store is, to be opened or copied. */
export function objectUrl(storeUrl: string, key: string): string {
  return displayUrl(`${storeUrl.replace(/\/$/, '')}/${key}`);
}
