import { AwsAccessError, explainAccess, UserError, type UserErrorParts } from '@bakeoff/core';

interface AwsErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

type Explanation = Pick<UserErrorParts, 'allowed' | 'fix'> & { readonly cause: string };

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
  const received = `${facts.code ?? facts.name}: ${facts.message}`;
  const access = explainAccess(facts.name, facts.message);
  if (access !== undefined) return new AwsAccessError(action, access, received, { cause: error });
  const found = explanation(facts);
  if (found === undefined) return error;
  const { cause, allowed, fix } = found;
  return new UserError({ what: `cannot ${action}: ${cause}`, received, allowed, fix }, { cause: error });
}

/** Calls AWS; `action` completes "cannot …". */
export async function callAws<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw explainAwsError(error, action);
  }
}
