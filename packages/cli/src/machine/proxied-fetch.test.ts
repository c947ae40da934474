import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proxiedFetch, proxyOf } from './proxied-fetch.ts';

describe('the proxy for an address', () => {
  const environment = {
    HTTPS_PROXY: 'http://secure:1',
    HTTP_PROXY: 'plain:2',
    NO_PROXY: 'a.org, .b.org *.c.org d.org:8080',
  };

  it.each([
    ['https://example.com/x', 'http://secure:1'],
    ['http://example.com/x', 'http://plain:2'],
    ['https://a.org/x', undefined],
    ['https://www.a.org/x', undefined],
    ['https://nota.org/x', 'http://secure:1'],
    ['https://b.org/x', undefined],
    ['https://x.c.org/x', undefined],
    ['http://d.org:8080/x', undefined],
    ['http://d.org/x', 'http://plain:2'],
  ])('%s: %s', (address, proxy) => {
    expect(proxyOf(address, environment)).toBe(proxy);
  });

  it('is none with NO_PROXY=*, and lower case comes before upper case', () => {
    expect(proxyOf('https://example.com', { ...environment, NO_PROXY: '*' })).toBeUndefined();
    expect(proxyOf('https://example.com', { ...environment, https_proxy: 'http://lower:3' })).toBe('http://lower:3');
    expect(proxiedFetch({ NO_PROXY: '*' })).toBeUndefined();
  });
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const listening = (server: Server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

describe('fetch through a proxy', () => {
  let origin: Server;
  let proxy: Server;
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    origin = createServer((request, response) =>
      response.writeHead(206, { 'content-range': 'bytes 2-3/4' }).end(request.headers.range),
    );
    proxy = createServer().on('connect', (request, client) => {
      asked.push(request.url ?? '');
      const upstream = connect(portOf(origin), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy());
    });
    await Promise.all([listening(origin), listening(proxy)]);
  });
  afterEach(async () => {
    for (const server of [origin, proxy]) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  });

  it('asks the proxy for the host, by name, and passes headers and answer on', async () => {
    const through = proxiedFetch({ HTTP_PROXY: `http://127.0.0.1:${portOf(proxy)}` })!;
    const response = await through('http://nowhere.invalid/file', { headers: { range: 'bytes=2-' } });
    expect([response.status, response.headers.get('content-range'), await response.text()]).toEqual([
      206,
      'bytes 2-3/4',
      'bytes=2-',
    ]);
    expect(asked).toEqual(['nowhere.invalid:80']);
  });

  it('goes straight to what NO_PROXY names, and says which proxy did not answer otherwise', async () => {
    const environment = { HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' };
    const response = await proxiedFetch(environment)!(`http://127.0.0.1:${portOf(origin)}/file`);
    expect(response.status).toBe(206);
    await expect(proxiedFetch(environment)!('http://nowhere.invalid/file')).rejects.toMatchObject({
      cause: { message: expect.stringContaining('127.0.0.1:9') as string },
    });
  });
});
