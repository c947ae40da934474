import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random, sha256, UserError } from '@bakeoff/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testContext } from '../../testing/context.ts';
import { downloadArchive } from './download-archive.ts';

const random = new Random(5);
const content = new Uint8Array(3_000_000).map(() => random.uint32());

let cacheFolder: string;
let server: Server;
let url: string;
let requests: (string | undefined)[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

/** Serves ranges like a correct server. */
function serve(request: IncomingMessage, response: ServerResponse, upTo = content.length): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const headers: Record<string, string | number> = { 'content-length': content.length - start };
  if (start > 0) headers['content-range'] = `bytes ${start}-${content.length - 1}/${content.length}`;
  response.writeHead(start > 0 ? 206 : 200, headers);
  const body = content.subarray(start, upTo);
  if (upTo === content.length) response.end(body);
  else response.write(body, () => setTimeout(() => response.destroy(), 50));
}

beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'bakeoff-cache-'));
  requests = [];
  server = createServer((request, response) => {
    requests.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tar.gz`;
  answer = serve;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await rm(cacheFolder, { recursive: true });
});

const archive = () => ({ url, fileName: 'a.tar.gz', bytes: content.length, sha256: sha256(content) });
const partial = () => join(cacheFolder, 'a.tar.gz.part');
const download = (context = testContext(), options: { retryWaitsMs?: number[] } = {}) =>
  downloadArchive(archive(), { cacheFolder, option: '--archive PATH', retryWaitsMs: [5, 5], ...options }, context);

async function refusal(downloading: Promise<string>): Promise<string> {
  const error: unknown = await downloading.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

test('an archive is downloaded once, with progress, and then taken from the cache', async () => {
  const context = testContext();
  const path = await download(context);
  expect(sha256(await readFile(path))).toBe(archive().sha256);
  expect(await readdir(cacheFolder)).toEqual(['a.tar.gz']);
  expect(context.events.at(-1)).toMatchObject({
    type: 'progress',
    done: content.length,
    total: content.length,
    unit: 'bytes',
  });
  await download();
  expect(requests).toEqual([undefined]);
});

test('a partial download of an earlier run resumes where it ended', async () => {
  await writeFile(partial(), content.subarray(0, 1_234_567));
  expect(sha256(await readFile(await download()))).toBe(archive().sha256);
  expect(requests).toEqual(['bytes=1234567-']);
});

test('two concurrent downloads end in one complete file', async () => {
  const paths = await Promise.all([download(), download(), download()]);
  expect(new Set(paths).size).toBe(1);
  expect(sha256(await readFile(paths[0]))).toBe(archive().sha256);
  expect(await readdir(cacheFolder)).toEqual(['a.tar.gz']);
});

test('a server that ignores ranges is read from the start', async () => {
  await writeFile(partial(), content.subarray(0, 1000));
  answer = (_, response) => response.end(content);
  expect(sha256(await readFile(await download()))).toBe(archive().sha256);
});

test('a broken connection is retried from where it broke', async () => {
  answer = (request, response) => serve(request, response, requests.length === 1 ? 1_000_000 : undefined);
  const context = testContext();
  expect(sha256(await readFile(await download(context)))).toBe(archive().sha256);
  expect(requests.length).toBe(2);
  expect(requests[1]).toMatch(/^bytes=[1-9]\d*-$/);
  expect(context.events.some(({ type }) => type === 'warning')).toBe(true);
});

test('a server that stops answering ends in an error, and what has arrived is kept', async () => {
  answer = (request, response) => {
    serve(request, response, 1_000_000);
    if (requests.length === 1) server.close();
  };
  expect(await refusal(download())).toMatch(/cannot download .* of 3000000 bytes/s);
  expect((await stat(partial())).size).toBeGreaterThan(0);
});

test('a server that cannot be reached is reported at once, with an alternative', async () => {
  await new Promise((closed) => server.close(closed));
  expect(await refusal(download(testContext(), { retryWaitsMs: [1e6] }))).toMatch(/ECONNREFUSED[^]*--archive PATH/);
});

test('an answer that is not the archive is refused: 404, another length, another range', async () => {
  answer = (_, response) => response.writeHead(404).end('no');
  expect(await refusal(download())).toMatch(/HTTP 404/);
  answer = (_, response) => response.end('hello');
  expect(await refusal(download())).toMatch(/a file of 5 bytes/);
  await writeFile(partial(), content.subarray(0, 1000));
  answer = (_, response) =>
    response.writeHead(206, { 'content-range': `bytes 0-9/${content.length}` }).end(content.subarray(0, 10));
  expect(await refusal(download())).toMatch(/content-range bytes 0-9/);
});

test('a wrong digest is refused and the file removed', async () => {
  const other = content.slice();
  other[99] = other[99]! ^ 1;
  answer = (_, response) => response.end(other);
  expect(await refusal(download())).toMatch(/not the expected archive/);
  expect(await readdir(cacheFolder)).toEqual([]);
});

test('a cache folder that is a file, and a full disk, are reported', async () => {
  const file = join(cacheFolder, 'file');
  await writeFile(file, '');
  expect(
    await refusal(
      downloadArchive(archive(), { cacheFolder: join(file, 'x'), option: '--archive PATH' }, testContext()),
    ),
  ).toMatch(/cache folder/);
  // Every write to /dev/full fails like on a full disk.
  await symlink('/dev/full', partial());
  expect(await refusal(download())).toMatch(/the disk is full/);
});

test('stopping ends the download and keeps what has arrived', async () => {
  const context = testContext();
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 2_000_000), () => setTimeout(context.abort, 100));
  };
  await expect(download(context)).rejects.toHaveProperty('name', 'AbortError');
  expect((await stat(partial())).size).toBeGreaterThan(0);
});
