import { AwsAccessError, explainAccess } from '../aws-access.ts';
import { UserError, type UserErrorParts } from '../user-error.ts';

/** What errors of the S3 client have in common. Servers and SDK versions fill in different parts. */
interface S3ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly Code?: string;
  readonly Region?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

type Explanation = Pick<UserErrorParts, 'allowed' | 'fix'> & { readonly cause: string };

export function factsOf(error: unknown): S3ErrorFacts | undefined {
  return error instanceof Error ? error : undefined;
}

export function statusOf(error: unknown): number | undefined {
  return factsOf(error)?.$metadata?.httpStatusCode;
}

const PERMISSIONS =
  's3:ListBucket on the bucket; s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on its objects';

const BY_NAME: Readonly<Record<string, Explanation>> = {
  NoSuchBucket: { cause: 'there is no such bucket', fix: 'correct the name of the bucket, or create it' },
  InvalidBucketName: { cause: 'the name of the bucket is not valid', fix: 'correct the name of the bucket' },
  AccessDenied: {
    cause: 'access is denied',
    allowed: PERMISSIONS,
    fix: 'use credentials that have these permissions, or correct the name of the bucket',
  },
  Forbidden: {
    cause: 'access is denied',
    allowed: PERMISSIONS,
    fix: 'use credentials that have these permissions, or correct the name of the bucket',
  },
  AllAccessDisabled: { cause: 'access is denied', fix: 'ask the owner of the account or bucket' },
  RequestTimeTooSkewed: {
    cause: 'the clock of this machine is wrong',
    allowed: 'at most 15 minutes off',
    fix: 'set the clock, preferably with a time service',
  },
  EntityTooLarge: { cause: 'the object is larger than the server takes', fix: 'use a server without this limit' },
  QuotaExceeded: { cause: 'the storage quota is used up', fix: 'remove what is not needed, or raise the quota' },
  XMinioStorageFull: { cause: 'the storage of the server is full', fix: 'free some space on the server' },
};

const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name of the endpoint is not known',
  EAI_AGAIN: 'the host name of the endpoint cannot be looked up',
  ECONNREFUSED: 'nothing answers at the endpoint',
  ECONNRESET: 'the connection keeps breaking',
  EPIPE: 'the connection keeps breaking',
  ETIMEDOUT: 'the endpoint does not answer in time',
  TimeoutError: 'the endpoint does not answer in time',
  EHOSTUNREACH: 'the endpoint cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

const WRONG_REGION = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'Redirect',
  '301',
]);

function wrongRegion(facts: S3ErrorFacts): Explanation {
  const region = facts.Region ?? facts.$response?.headers?.['x-amz-bucket-region'];
  return {
    cause: 'the bucket is in another region',
    allowed: region,
    fix: `set the region of the bucket (AWS_REGION${region === undefined ? '' : `=${region}`})`,
  };
}

function explanation(facts: S3ErrorFacts): Explanation | undefined {
  const status = facts.$metadata?.httpStatusCode;
  const name = facts.Code ?? facts.name;
  if (WRONG_REGION.has(name) || status === 301) return wrongRegion(facts);
  const known = BY_NAME[name] ?? BY_NAME[facts.name];
  if (known !== undefined) return known;
  const unreachable = UNREACHABLE[facts.code ?? ''] ?? UNREACHABLE[facts.name];
  if (unreachable !== undefined)
    return {
      cause: unreachable,
      fix: 'check the endpoint, the network and the proxy, then try again: finished work is kept',
    };
  if (status === 403 || status === 401) return BY_NAME['AccessDenied'];
  if (status === 429 || (status !== undefined && status >= 500))
    return {
      cause: 'the server fails or is overloaded, even after several attempts',
      fix: 'try again later: finished work is kept',
    };
  return undefined;
}

/**
 * A UserError for what a user can fix (credentials, names, permissions, network, a failing server); any other error
 * unchanged.
 */
export function explainS3Error(error: unknown, action: 'read' | 'write' | 'list' | 'delete', url: string): unknown {
  const facts = factsOf(error);
  if (facts === undefined || error instanceof UserError) return error;
  const access = explainAccess(facts.Code ?? facts.name, facts.message);
  const found: Explanation | undefined = access ?? explanation(facts);
  if (found === undefined) return error;
  const status = facts.$metadata?.httpStatusCode;
  const received = [facts.Code ?? facts.code ?? facts.name, status === undefined ? '' : `HTTP ${status}`, facts.message]
    .filter((part) => part !== '')
    .join(', ');
  if (access !== undefined) return new AwsAccessError(`${action} ${url}`, access, received, { cause: error });
  return new UserError(
    { what: `cannot ${action} ${url}: ${found.cause}`, received, allowed: found.allowed, fix: found.fix },
    { cause: error },
  );
}
