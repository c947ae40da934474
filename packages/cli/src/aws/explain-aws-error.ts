import { UserError, type UserErrorParts } from '@bakeoff/core';

interface AwsErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

type Explanation = Pick<UserErrorParts, 'allowed' | 'fix'> & { readonly cause: string };

const LOG_IN =
  'log in (`aws sso login`), set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; `aws sts get-caller-identity` shows your identity';

const noCredentials: Explanation = { cause: 'no AWS credentials were found', fix: LOG_IN };
const expired: Explanation = {
  cause: 'the credentials have expired',
  fix: 'log in again (`aws sso login`) to get new ones, and check the clock of this machine',
};
const unknownKey: Explanation = { cause: 'the credentials are not valid', fix: LOG_IN };
const denied: Explanation = {
  cause: 'access is denied',
  allowed: 'the permissions in docs/aws.md, "Permissions"',
  fix: 'use credentials that have them, or ask the owner of the account',
};
const quota: Explanation = {
  cause: 'a quota of the account is used up',
  fix: 'wait until other work has ended, or ask for more under Service Quotas; docs/aws.md names the ones that matter',
};
const throttled: Explanation = {
  cause: 'AWS still limits the rate of requests after several attempts',
  fix: 'try again in a minute',
};

const BY_NAME: Readonly<Record<string, Explanation>> = {
  CredentialsProviderError: noCredentials,
  TokenProviderError: noCredentials,
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  RequestExpired: expired,
  InvalidClientTokenId: unknownKey,
  UnrecognizedClientException: unknownKey,
  InvalidSignatureException: unknownKey,
  SignatureDoesNotMatch: unknownKey,
  MissingAuthenticationToken: unknownKey,
  AuthFailure: unknownKey,
  AccessDenied: denied,
  AccessDeniedException: denied,
  UnauthorizedOperation: denied,
  LimitExceeded: quota,
  LimitExceededException: quota,
  ServiceQuotaExceededException: quota,
  ExecutionLimitExceeded: quota,
  Throttling: throttled,
  ThrottlingException: throttled,
  TooManyRequestsException: throttled,
  RequestLimitExceeded: throttled,
};

const UNREACHABLE = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'TimeoutError',
]);

function explanation(facts: AwsErrorFacts): Explanation | undefined {
  const known = BY_NAME[facts.name];
  if (known !== undefined) return known;
  if (/Region is missing|Region not accepted/.test(facts.message))
    return {
      cause: 'no region is set, or an invalid one',
      fix: 'set AWS_REGION to the region of the deployment, or a region in the AWS profile',
    };
  if (UNREACHABLE.has(facts.code ?? '') || UNREACHABLE.has(facts.name)) {
    return {
      cause: 'AWS does not respond',
      fix: `check the network, the proxy and the name of the region (AWS_REGION=${process.env['AWS_REGION'] ?? ''})`,
    };
  }
  const status = facts.$metadata?.httpStatusCode;
  if (status === 401 || status === 403) return denied;
  if (status === 429 || (status !== undefined && status >= 500))
    return {
      cause: 'AWS still fails after several attempts',
      fix: 'try again later; running jobs continue regardless',
    };
  return undefined;
}

/** A UserError for a problem that the user can fix; any other error unchanged. */
function explainAwsError(error: unknown, action: string): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const facts = error as unknown as AwsErrorFacts;
  const found = explanation(facts);
  if (found === undefined) return error;
  return new UserError(
    {
      what: `cannot ${action}: ${found.cause}`,
      received: `${facts.code ?? facts.name}: ${facts.message}`,
      allowed: found.allowed,
      fix: found.fix,
    },
    { cause: error },
  );
}

/** Calls AWS; `action` completes "cannot …". */
export async function callAws<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw explainAwsError(error, action);
  }
}
