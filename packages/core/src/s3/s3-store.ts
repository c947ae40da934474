import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type GetObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { checkStoreKey, checkStorePrefix, isStoreKey } from '../store-key.ts';
import { UserError } from '../user-error.ts';
import type { Store, StoreEntry } from '../types/store.ts';
import { contentType } from './content-type.ts';
import { uploadInParts } from './multipart-upload.ts';
import { explainS3Error, factsOf, statusOf } from './s3-errors.ts';
import { parseS3Url, type S3Location } from './s3-url.ts';

export interface S3StoreOptions {
  /** Default: what the AWS SDK finds (AWS_REGION, profile); with an endpoint, us-east-1. */
  readonly region?: string;
  /** Address of another S3 server, e.g. `http://localhost:9000`. */
  readonly endpoint?: string;
  /**
   * Whether the bucket is in the path instead of the host name, as most other servers require. Default: true with an
   * endpoint.
   */
  readonly forcePathStyle?: boolean;
  /** Default: the AWS SDK's chain (environment, profile, SSO, role). */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Larger bodies are uploaded in parts of this size; default 32 MiB, at least 5 MiB. */
  readonly partBytes?: number;
  /** Called once if the server turns out to ignore `If-None-Match`. */
  readonly warn?: (text: string) => void;
}

/**
 * Attempts of each request, including the first. With exponential waits between them, they bridge about half a minute
 * of failures.
 */
const ATTEMPTS = 7;

/** Attempts to read a body that arrives cut short, in addition to the SDK's attempts of each request. */
const BODY_ATTEMPTS = 5;

/**
 * Servers known to honor `If-None-Match: *` on writes, which decides races. The others are probed by one more write.
 */
type ConditionalWrites = 'honored' | 'ignored' | 'unknown';

const WRITER = 'bakeoff-writer';

/**
 * Objects under a prefix of an S3 bucket. Requests are retried after failures of the server or the network, and when a
 * body arrives cut short.
 *
 * `putIfAbsent` writes with `If-None-Match: *`, with which S3 lets exactly one of several writers win. The first such
 * write detects a server that ignores this header. From then on an existing object is still not replaced, but two
 * writers at the same moment may both win.
 */
export class S3Store implements Store {
  readonly url: string;
  private conditionalWrites: ConditionalWrites;

  private constructor(
    private readonly client: S3Client,
    private readonly location: S3Location,
    private readonly partBytes: number,
    endpoint: string | undefined,
    private readonly warn: (text: string) => void,
  ) {
    this.url = location.url;
    this.conditionalWrites = endpoint === undefined ? 'honored' : 'unknown';
  }

  /**
   * Opens `s3://bucket/prefix`; nothing is read or written yet.
   * @throws UserError for a malformed URL.
   */
  static open(
    url: string,
    {
      region,
      endpoint,
      forcePathStyle,
      credentials,
      partBytes = 32 * 2 ** 20,
      warn = () => undefined,
    }: S3StoreOptions = {},
  ): S3Store {
    const client = new S3Client({
      region: region ?? (endpoint === undefined ? undefined : 'us-east-1'),
      endpoint,
      forcePathStyle: forcePathStyle ?? endpoint !== undefined,
      credentials,
      maxAttempts: ATTEMPTS,
      requestHandler: { connectionTimeout: 10_000, requestTimeout: 120_000, throwOnRequestTimeout: true },
    });
    return new S3Store(client, parseS3Url(url), Math.max(partBytes, 5 * 2 ** 20), endpoint, warn);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.read(key);
  }

  async getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined> {
    checkStoreKey(key);
    if (end <= start) return (await this.head(key)) === undefined ? undefined : new Uint8Array();
    return this.read(key, { start, end });
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    checkStoreKey(key);
    await this.explained('write', key, () => this.write(key, body));
  }

  async putIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    checkStoreKey(key);
    if (this.conditionalWrites !== 'honored' && (await this.head(key)) !== undefined) return false;
    const won = await this.writeIfAbsent(key, body);
    if (won && this.conditionalWrites === 'unknown') await this.learnWhetherConditional(key, body);
    return won;
  }

  async *list(prefix: string): AsyncIterable<StoreEntry> {
    checkStorePrefix(prefix);
    const { bucket, prefix: base } = this.location;
    const entries: StoreEntry[] = [];
    let token: string | undefined;
    do {
      const page = await this.explained('list', prefix, () =>
        this.client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: base + prefix, ContinuationToken: token })),
      );
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        const key = Key.slice(base.length);
        if (isStoreKey(key)) entries.push({ key, bytes: Size, modifiedMs: LastModified?.getTime() ?? 0 });
      }
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
    // S3's general purpose buckets list in this order; its directory buckets and some other servers do not.
    yield* entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async delete(key: string): Promise<void> {
    const object = this.object(key);
    await this.explained('delete', key, () =>
      this.absentAsUndefined(() => this.client.send(new DeleteObjectCommand(object))),
    );
  }

  private object(key: string): { Bucket: string; Key: string } {
    checkStoreKey(key);
    return { Bucket: this.location.bucket, Key: this.location.prefix + key };
  }

  private async explained<T>(
    action: 'read' | 'write' | 'list' | 'delete',
    key: string,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw explainS3Error(error, action, `${this.url}/${key}`);
    }
  }

  private async absentAsUndefined<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (statusOf(error) === 404 && factsOf(error)?.name !== 'NoSuchBucket') return undefined;
      throw error;
    }
  }

  private async head(key: string): Promise<{ readonly writer: string | undefined } | undefined> {
    const found = await this.explained('read', key, () =>
      this.absentAsUndefined(() => this.client.send(new HeadObjectCommand(this.object(key)))),
    );
    return found === undefined ? undefined : { writer: found.Metadata?.[WRITER] };
  }

  /** The SDK retries requests. This retries a body that breaks off while it is read. */
  private async read(
    key: string,
    range?: { readonly start: number; readonly end: number },
  ): Promise<Uint8Array | undefined> {
    const object = {
      ...this.object(key),
      Range: range === undefined ? undefined : `bytes=${range.start}-${range.end - 1}`,
    };
    for (let attempt = 1; ; attempt++) {
      const response = await this.explained('read', key, () => this.absentAsUndefined(() => this.sendGet(object)));
      if (response === undefined || response === 'beyondEnd')
        return response === undefined ? undefined : new Uint8Array();
      try {
        return await wholeBody(response, range);
      } catch (error) {
        if (attempt === BODY_ATTEMPTS) throw incomplete(`${this.url}/${key}`, error);
        await sleep(50 * 2 ** attempt);
      }
    }
  }

  private async sendGet(object: {
    Bucket: string;
    Key: string;
    Range: string | undefined;
  }): Promise<GetObjectCommandOutput | 'beyondEnd'> {
    try {
      return await this.client.send(new GetObjectCommand(object));
    } catch (error) {
      if (statusOf(error) === 416) return 'beyondEnd';
      throw error;
    }
  }

  private async write(
    key: string,
    body: Uint8Array,
    condition: { readonly IfNoneMatch?: '*'; readonly Metadata?: Record<string, string> } = {},
  ): Promise<void> {
    const object = { ...this.object(key), ...condition, ContentType: contentType(key) };
    if (body.length > this.partBytes) await uploadInParts(this.client, body, this.partBytes, object);
    else await this.client.send(new PutObjectCommand({ ...object, Body: body, ContentLength: body.length }));
  }

  private async writeIfAbsent(key: string, body: Uint8Array): Promise<boolean> {
    const writer = randomUUID();
    for (let attempt = 1; ; attempt++) {
      try {
        await this.write(key, body, { IfNoneMatch: '*', Metadata: { [WRITER]: writer } });
        return true;
      } catch (error) {
        const status = statusOf(error);
        // A first attempt whose answer was lost may have won. The object is then this writer's own.
        if (status === 412) return (await this.head(key))?.writer === writer;
        // Another writer is writing at this moment; S3 asks to try again.
        if (status !== 409 || attempt === ATTEMPTS) throw explainS3Error(error, 'write', `${this.url}/${key}`);
        await sleep(50 * 2 ** attempt);
      }
    }
  }

  /**
   * Writes the same object a second time. A server that honors the condition refuses; for one that ignores it, nothing
   * changes.
   */
  private async learnWhetherConditional(key: string, body: Uint8Array): Promise<void> {
    this.conditionalWrites = (await this.writeIfAbsent(key, body)) ? 'ignored' : 'honored';
    if (this.conditionalWrites === 'ignored')
      this.warn(
        `the S3 server of ${this.url} ignores If-None-Match: two processes that finish the same work at the same moment may both write it`,
      );
  }
}

async function wholeBody(
  response: GetObjectCommandOutput,
  range: { readonly start: number; readonly end: number } | undefined,
): Promise<Uint8Array> {
  const body = (await response.Body?.transformToByteArray()) ?? new Uint8Array();
  if (response.ContentLength !== undefined && body.length !== response.ContentLength)
    throw new Error(`${body.length} of ${response.ContentLength} bytes arrived`);
  // A server may answer a range with the whole object.
  if (range !== undefined && response.ContentRange === undefined) return body.slice(range.start, range.end);
  return body;
}

function incomplete(url: string, cause: unknown): UserError {
  return new UserError(
    {
      what: `cannot read ${url}: its bytes do not arrive complete, even after ${BODY_ATTEMPTS} attempts`,
      received: (cause as Error).message,
      fix: 'check the network and the server, then try again: finished work is kept',
    },
    { cause },
  );
}
