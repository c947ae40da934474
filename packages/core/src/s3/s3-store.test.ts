import { randomUUID } from 'node:crypto';
import { HeadObjectCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeStoreConformance } from '../testing/store-conformance.ts';
import { UserError } from '../user-error.ts';
import { FaultProxy, type Fault } from '../testing/fault-proxy.ts';
import { startTestS3, type S3TestServer } from '../testing/local-s3-server.ts';
import { explainS3Error } from './s3-errors.ts';
import { S3Store, type S3StoreOptions } from './s3-store.ts';
import { parseS3Url } from './s3-url.ts';
import { storedBytes } from '../testing/stored-bytes.ts';

const server: S3TestServer = await startTestS3();
let proxy: FaultProxy;

beforeAll(async () => {
  proxy = await FaultProxy.start(server.endpoint);
});
beforeEach(() => proxy.reset());
afterAll(async () => {
  await proxy.close();
  await server.close();
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const open = (options: S3StoreOptions = {}): S3Store =>
  S3Store.open(`s3://${server.bucket}/${randomUUID()}`, { ...server.options, ...options });
const throughProxy = (options: S3StoreOptions = {}): S3Store => open({ endpoint: proxy.endpoint, ...options });
const failureOf = (work: Promise<unknown>): Promise<UserError> =>
  work.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(UserError);
      return error as UserError;
    },
  );

async function contentTypeOf(store: S3Store, key: string): Promise<string | undefined> {
  const { bucket, prefix } = parseS3Url(store.url);
  const client = new S3Client({ region: 'us-east-1', forcePathStyle: true, ...server.options });
  return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: prefix + key }))).ContentType;
}

describeStoreConformance('the S3 store', {
  createStore: async () => open(),
  flaws: server.flaws,
  manyObjects: server.objectsPerPage + 3,
});

describe('the S3 store against its server', () => {
  it('keeps stores with different prefixes apart, even if one prefix begins like the other', async () => {
    const base = `s3://${server.bucket}/${randomUUID()}`;
    const [a, ab] = [S3Store.open(`${base}/a`, server.options), S3Store.open(`${base}/ab/`, server.options)];
    await a.put('k', bytes('a'));
    await ab.put('k', bytes('ab'));
    const keys: string[] = [];
    for await (const { key } of a.list('')) keys.push(key);
    expect(keys).toEqual(['k']);
    expect(await a.get('k')).toEqual(bytes('a'));
    expect(ab.url).toBe(`${base}/ab`);
  });

  it('uploads large bodies completely, in parts', async () => {
    const store = open({ partBytes: 5 * 2 ** 20 });
    const body = new Uint8Array(12 * 2 ** 20 + 17).map((_, i) => (i * 31) >> 7);
    await store.put('large', body);
    expect(Buffer.compare(await storedBytes(store, 'large'), body)).toBe(0);
    expect(await store.getRange('large', 5 * 2 ** 20 - 2, 5 * 2 ** 20 + 2)).toEqual(
      body.slice(5 * 2 ** 20 - 2, 5 * 2 ** 20 + 2),
    );
    expect(await store.putIfAbsent('large', body)).toBe(false);
    expect(await store.putIfAbsent('large-too', body)).toBe(true);
  });

  it('tells browsers what an object is, also if it was uploaded in parts', async () => {
    const store = open({ partBytes: 5 * 2 ** 20 });
    const page = new Uint8Array(5 * 2 ** 20 + 1).fill(32);
    await store.put('reports/r/index.html', page);
    await store.put('small.html', bytes('<html>'));
    await store.putIfAbsent('record.json', bytes('{}'));
    await store.put('model.safetensors', bytes('x'));
    const types = await Promise.all(
      ['reports/r/index.html', 'small.html', 'record.json', 'model.safetensors'].map((key) =>
        contentTypeOf(store, key),
      ),
    );
    expect(types).toEqual([
      'text/html; charset=utf-8',
      'text/html; charset=utf-8',
      'application/json; charset=utf-8',
      'application/octet-stream',
    ]);
  });

  it('says only once whether the server ignores conditional writes', async () => {
    const warnings: string[] = [];
    const store = open({ warn: (text) => warnings.push(text) });
    await store.putIfAbsent('a', bytes('1'));
    await store.putIfAbsent('b', bytes('2'));
    expect(warnings).toHaveLength(server.flaws.includes('decidesNoRaces') ? 1 : 0);
    expect(await store.get('a')).toEqual(bytes('1'));
  });

  it('names a bucket that does not exist', async () => {
    const store = S3Store.open('s3://no-such-bucket-here', server.options);
    expect((await failureOf(store.put('k', bytes('x')))).message).toContain('there is no such bucket');
    expect((await failureOf(store.get('k'))).message).toContain('cannot read s3://no-such-bucket-here/k');
  });
});

describe('the S3 store behind a failing network', () => {
  const slowDown: Fault = { type: 'status', status: 503, code: 'SlowDown' };
  const faults: readonly (readonly [name: string, fault: Fault])[] = [
    ['an internal error', { type: 'status', status: 500, code: 'InternalError' }],
    ['an unavailable service', { type: 'status', status: 503, code: 'ServiceUnavailable' }],
    ['a request to slow down', slowDown],
    ['a reset connection', { type: 'reset' }],
    ['a lost answer', { type: 'lostAnswer' }],
  ];

  it.each(faults)('gets, puts, lists and deletes in spite of %s', async (_name, fault) => {
    const store = throughProxy();
    // The SDK waits longer if a server asks to slow down.
    const times = fault === slowDown ? 1 : 2;
    proxy.break(fault, times, (method) => method === 'PUT');
    await store.put('k', bytes('value'));
    proxy.break(fault, times, (method) => method === 'GET');
    expect(await store.get('k')).toEqual(bytes('value'));
    proxy.break(fault, 1, (method) => method === 'GET');
    const keys: string[] = [];
    for await (const { key } of store.list('')) keys.push(key);
    expect(keys).toEqual(['k']);
    proxy.break(fault, 1, (method) => method === 'DELETE');
    await store.delete('k');
    expect(await store.get('k')).toBeUndefined();
  });

  it('rereads bodies and ranges that arrive cut short', async () => {
    const store = throughProxy();
    const body = new Uint8Array(200_000).map((_, i) => i % 251);
    await store.put('k', body);
    proxy.break({ type: 'truncated' }, 2, (method) => method === 'GET');
    expect(Buffer.compare(await storedBytes(store, 'k'), body)).toBe(0);
    proxy.break({ type: 'truncated' }, 1, (method) => method === 'GET');
    expect(Buffer.compare((await store.getRange('k', 1000, 90_000))!, body.subarray(1000, 90_000))).toBe(0);
  });

  it('gives up on a body that never arrives complete, with a message', async () => {
    const store = throughProxy();
    await store.put('k', new Uint8Array(50_000));
    proxy.break({ type: 'truncated' }, 100, (method) => method === 'GET');
    const failure = await failureOf(store.get('k'));
    expect(failure.message).toContain('do not arrive complete, even after 5 attempts');
  }, 30_000);

  it('gives up on a server that keeps failing, with a message', async () => {
    const store = throughProxy();
    proxy.break({ type: 'status', status: 500, code: 'InternalError' }, 100);
    const failure = await failureOf(store.put('k', bytes('x')));
    expect(failure.message).toContain('the server fails or is overloaded');
    expect(proxy.requests).toHaveLength(7);
  }, 60_000);

  it('removes the parts of an upload that fails', async () => {
    const store = throughProxy({ partBytes: 5 * 2 ** 20 });
    proxy.break(
      { type: 'status', status: 403, code: 'AccessDenied' },
      1,
      (method, url) => method === 'PUT' && url.includes('partNumber=2'),
    );
    const failure = await failureOf(store.put('large', new Uint8Array(11 * 2 ** 20)));
    expect(failure.message).toContain('access is denied');
    expect(proxy.requests.at(-1)).toMatch(/^DELETE .*uploadId=/);
    expect(await store.get('large')).toBeUndefined();
    if (server.flaws.length > 0) return;
    const client = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', forcePathStyle: true });
    const { Uploads = [] } = await client.send(
      new ListMultipartUploadsCommand({ Bucket: server.bucket, Prefix: store.url.split('/').at(-1) }),
    );
    expect(Uploads).toEqual([]);
  });

  it('wins a marker whose first answer was lost', async () => {
    const store = throughProxy();
    await store.putIfAbsent('first', bytes('x'));
    proxy.break({ type: 'lostAnswer' }, 1, (method) => method === 'PUT');
    expect(await store.putIfAbsent('marker', bytes('mine'))).toBe(true);
    expect(await store.putIfAbsent('marker', bytes('theirs'))).toBe(false);
    expect(await store.get('marker')).toEqual(bytes('mine'));
  });

  it('retries if another writer is writing at the same moment', async () => {
    const store = throughProxy();
    proxy.break({ type: 'status', status: 409, code: 'ConditionalRequestConflict' }, 2, (method) => method === 'PUT');
    expect(await store.putIfAbsent('marker', bytes('mine'))).toBe(true);
  });

  it('treats a refused condition as a lost race if the object is another writer’s', async () => {
    const store = throughProxy();
    const rival = S3Store.open(store.url, server.options);
    proxy.break({ type: 'status', status: 404, code: 'NoSuchKey' }, 1, (method) => method === 'HEAD');
    proxy.break({ type: 'status', status: 412, code: 'PreconditionFailed' }, 1, (method) => method === 'PUT');
    await rival.put('marker', bytes('rival'));
    expect(await store.putIfAbsent('marker', bytes('mine'))).toBe(false);
    expect(await rival.get('marker')).toEqual(bytes('rival'));
  });
});

describe('what a user can fix is reported in one message', () => {
  it.each<[what: string, fault: Fault & { type: 'status' }, cause: string, fix: string]>([
    [
      'denied access',
      { type: 'status', status: 403, code: 'AccessDenied' },
      'access is denied',
      'use credentials that have these permissions',
    ],
    [
      'an expired token',
      { type: 'status', status: 400, code: 'ExpiredToken' },
      'the credentials have expired',
      'log in again',
    ],
    [
      'an unknown access key',
      { type: 'status', status: 403, code: 'InvalidAccessKeyId' },
      'the access key is not known',
      'use current credentials',
    ],
    [
      'a wrong secret key',
      { type: 'status', status: 403, code: 'SignatureDoesNotMatch' },
      'the secret access key is wrong',
      'use current credentials',
    ],
    [
      'a wrong clock',
      { type: 'status', status: 403, code: 'RequestTimeTooSkewed', headers: { date: 'Thu, 01 Jan 2015 00:00:00 GMT' } },
      'the clock of this machine is wrong',
      'set the clock',
    ],
    [
      'another region',
      { type: 'status', status: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'eu-central-1' } },
      'the bucket is in another region',
      'AWS_REGION=eu-central-1',
    ],
    [
      'a malformed region',
      { type: 'status', status: 400, code: 'AuthorizationHeaderMalformed' },
      'the bucket is in another region',
      'AWS_REGION',
    ],
    [
      'a full server',
      { type: 'status', status: 507, code: 'XMinioStorageFull' },
      'the storage of the server is full',
      'free some space',
    ],
  ])(
    '%s',
    async (_what, fault, cause, fix) => {
      const store = throughProxy();
      for (const [action, work] of [
        ['write', () => store.put('k', bytes('x'))],
        ['read', () => store.get('k')],
      ] as const) {
        proxy.reset();
        proxy.break(fault, 100);
        const failure = await failureOf(work());
        expect(failure.parts.what).toBe(`cannot ${action} ${store.url}/k: ${cause}`);
        expect(failure.parts.fix).toContain(fix);
      }
    },
    60_000,
  );

  it('missing credentials', async () => {
    for (const name of [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_PROFILE',
      'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
      'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
    ])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
    try {
      const store = S3Store.open('s3://some-bucket', { endpoint: server.endpoint });
      expect((await failureOf(store.get('k'))).message).toContain('no AWS credentials were found');
      vi.stubEnv('AWS_REGION', undefined);
      vi.stubEnv('AWS_DEFAULT_REGION', undefined);
      const regionless = S3Store.open('s3://some-bucket', { credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
      expect((await failureOf(regionless.get('k'))).message).toContain('no region is set');
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('an endpoint where nothing answers', async () => {
    const store = open({ endpoint: 'http://127.0.0.1:1' });
    expect((await failureOf(store.get('k'))).message).toContain('nothing answers at the endpoint');
  }, 60_000);

  it('but a bug is thrown unchanged', () => {
    const bug = new TypeError('undefined is not a function');
    expect(explainS3Error(bug, 'read', 's3://b/k')).toBe(bug);
  });

  it.each(['s3://', 's3://Upper/x', 's3://a', 's3:bucket', 's3://bucket/../x', 's3://bucket/a//b'])(
    'a malformed URL: %s',
    (url) => {
      expect(() => parseS3Url(url)).toThrow(UserError);
    },
  );

  it('URLs with and without prefix and slashes', () => {
    expect(parseS3Url('s3://my-bucket')).toEqual({ bucket: 'my-bucket', prefix: '', url: 's3://my-bucket' });
    expect(parseS3Url('s3://my-bucket/a/b/')).toEqual({
      bucket: 'my-bucket',
      prefix: 'a/b/',
      url: 's3://my-bucket/a/b',
    });
  });
});
