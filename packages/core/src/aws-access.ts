import { UserError } from './user-error.ts';

/** Why nothing can be asked of AWS or another S3 server: credentials that are missing or not accepted, or no region. */
type AccessProblem = 'missing' | 'expired' | 'invalid' | 'noRegion';

/** What is wrong, and what to change. */
export interface AccessExplanation {
  readonly problem: AccessProblem;
  readonly cause: string;
  readonly fix: string;
}

/** Nothing can be asked of AWS before a person has given other credentials, or a region. */
export class AwsAccessError extends UserError {
  /** @param attempted Completes "cannot …". */
  constructor(
    readonly attempted: string,
    readonly explanation: AccessExplanation,
    received: string,
    options?: ErrorOptions,
  ) {
    super({ what: `cannot ${attempted}: ${explanation.cause}`, received, fix: explanation.fix }, options);
  }
}

const missing: AccessExplanation = {
  problem: 'missing',
  cause: 'no AWS credentials were found',
  fix: 'run `aws configure` or `aws sso login`, set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is attached; `aws sts get-caller-identity` shows your identity',
};
const expired: AccessExplanation = {
  problem: 'expired',
  cause: 'the credentials have expired',
  fix: 'log in again (`aws sso login`) for new ones, and check the clock of this machine',
};
const invalid: AccessExplanation = {
  problem: 'invalid',
  cause: 'the credentials are not valid',
  fix: 'use current credentials (`aws configure`, AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY); `aws sts get-caller-identity` shows your identity',
};
const noRegion: AccessExplanation = {
  problem: 'noRegion',
  cause: 'no region is set',
  fix: 'set AWS_REGION, or a region in the AWS profile (`aws configure`)',
};
const wrongSecret: AccessExplanation = { ...invalid, cause: 'the secret access key is wrong' };

/** By the names of errors, which services and versions of the SDK choose differently. */
const BY_NAME: Readonly<Record<string, AccessExplanation>> = {
  CredentialsProviderError: missing,
  TokenProviderError: missing,
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  TokenRefreshRequired: expired,
  RequestExpired: expired,
  InvalidClientTokenId: invalid,
  UnrecognizedClientException: invalid,
  MissingAuthenticationToken: invalid,
  AuthFailure: invalid,
  InvalidToken: invalid,
  InvalidAccessKeyId: { ...invalid, cause: 'the access key is not known' },
  SignatureDoesNotMatch: wrongSecret,
  InvalidSignatureException: wrongSecret,
};

/** What an error of an AWS client says about credentials and region; undefined if it is about something else. */
export function explainAccess(name: string, message: string): AccessExplanation | undefined {
  if (/Region is missing/.test(message)) return noRegion;
  if (/Region not accepted/.test(message)) return { ...noRegion, cause: 'the region is not a valid name' };
  const found = BY_NAME[name];
  // A session of a profile has ended, and there is nothing else to look for.
  return found === missing && /expired/i.test(message) ? expired : found;
}
