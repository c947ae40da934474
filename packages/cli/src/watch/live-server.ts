import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '@bakeoff/core';
import type { LiveUpdate } from '@bakeoff/report';
import { refusal } from './access.ts';
import type { LiveAddress } from './live-address.ts';
import type { WatchedStudy } from './watched-study.ts';

const ADDRESS = '127.0.0.1';
/** Ports that are tried if others are in use. */
const TRIED = 20;
/** Milliseconds after which a browser that lost the connection tries again. */
const RETRY_MS = 1000;
/** Keeps what is between browser and server from closing a connection without traffic. */
const KEEP_ALIVE_MS = 20_000;
/** A page that does not read falls behind; it connects again and gets everything at once. */
const MOST_UNREAD_BYTES = 64 * 2 ** 20;

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export interface LiveServer {
  /** With the token. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the live page of a study to this machine alone: the page at `/`, and its changes as server-sent events at
 * `/events` (https://html.spec.whatwg.org/multipage/server-sent-events.html). An event's id is the page's version, so
 * that a page that connects again gets only what it lacks.
 * @param address The token, and the port; 0 is any that is free.
 * @param isPortFixed Whether another port will do if it is in use.
 * @throws UserError if no port is free.
 */
export async function serveLive(study: WatchedStudy, address: LiveAddress, isPortFixed = false): Promise<LiveServer> {
  const { port: wanted, token } = address;
  let port = wanted;
  const server = createServer((request, response) => {
    answer(request, response, { study, port, token }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else end(response, 500, (error as Error).message);
    });
  });
  for (let tried = 1; !(await listen(server, port)); tried++) {
    if (isPortFixed || tried === TRIED)
      throw new UserError({
        what: `port ${wanted} of ${ADDRESS} is in use`,
        received: isPortFixed ? `--port ${wanted}` : `${TRIED} ports from ${wanted} on, all in use`,
        fix: 'name another one: --port NUMBER',
      });
    port++;
  }
  ({ port } = server.address() as AddressInfo);
  return {
    url: `http://${ADDRESS}:${port}/?token=${token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** False if the port is in use. */
function listen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    server.once('error', fail);
    server.listen(port, ADDRESS, () => {
      server.off('error', fail);
      resolve(true);
    });
  });
}

interface Served extends LiveAddress {
  readonly study: WatchedStudy;
}

async function answer(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const { method = '', url = '/', headers } = request;
  const { pathname: path, searchParams } = new URL(url, `http://${ADDRESS}`);
  const refused = refusal({ method, path, token: searchParams.get('token'), headers }, served);
  if (refused !== undefined) return end(response, refused.status, refused.text);
  if (path === '/') {
    await served.study.refresh();
    const page = await served.study.page();
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' });
    response.end(method === 'HEAD' ? undefined : page);
    return;
  }
  if (path !== '/events') return end(response, 404, 'There is nothing here.');
  const known = String(headers['last-event-id'] ?? searchParams.get('since') ?? '');
  await sendEvents(response, served.study, known);
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

/** @param known The version that the page has. */
async function sendEvents(response: ServerResponse, study: WatchedStudy, known: string): Promise<void> {
  await study.refresh();
  if (response.destroyed) return;
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  response.write(`retry: ${RETRY_MS}\n\n`);
  const send = (text: string): void => {
    if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
    else response.write(text);
  };
  const update = (changes: LiveUpdate): void =>
    send(`id: ${changes.version}\nevent: update\ndata: ${JSON.stringify(changes)}\n\n`);
  const problem = (message: string): void => send(`event: problem\ndata: ${JSON.stringify(message)}\n\n`);
  if (known !== study.version) update(study.whole());
  const unsubscribe = study.subscribe({ update, problem });
  const keepAlive = setInterval(() => send(':\n\n'), KEEP_ALIVE_MS);
  response.on('close', () => {
    clearInterval(keepAlive);
    unsubscribe();
  });
}
