import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What a request is judged by. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** Of the address; null if it has none. */
  readonly token: string | null;
  readonly headers: IncomingHttpHeaders;
}

export interface Refusal {
  readonly status: number;
  readonly text: string;
}

/**
 * Why a request to the server of live pages is refused; undefined if it is not. The address that the server is called
 * by must be its own, or a page elsewhere could reach it by a name that resolves to this machine (DNS rebinding); a
 * browser must say that the request is from the server's own page; and the token must be that of the printed address.
 */
export function refusal(
  { method, path, token, headers }: Asked,
  server: { readonly port: number; readonly token: string },
): Refusal | undefined {
  const hosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${server.port}`);
  if (!hosts.includes(headers.host ?? '')) return { status: 403, text: 'This server answers to 127.0.0.1 only.' };
  const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
  const isOpened = path === '/' && mode === 'navigate';
  if ((origin !== undefined && !hosts.includes(origin.replace(/^http:\/\//, ''))) || (isForeign && !isOpened))
    return { status: 403, text: 'Pages of other origins are refused.' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'Allowed: GET, HEAD.' };
  if (token === null || !areEqual(token, server.token))
    return { status: 403, text: 'The token is missing or wrong: open the address that bakeoff watch printed.' };
  return undefined;
}

/** Takes the same time whatever differs. */
function areEqual(a: string, b: string): boolean {
  const [first, second] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(first!, second!);
}
