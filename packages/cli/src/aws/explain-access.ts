import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AccessExplanation, AwsAccessError, explainAccess, UserError, type UserErrorParts } from '@bakeoff/core';
import { findCredentials, searchedPlaces } from '../machine/aws-credentials.ts';

/**
 * The message of a command that could not ask AWS: what is wrong with the credentials, where they were looked for, and
 * what the command would have done with them.
 */
export async function withWhatItWouldDo(error: UserError, would: () => string | Promise<string>): Promise<UserError> {
  const parts = error instanceof AwsAccessError ? await accessParts(error) : error.parts;
  return new UserError({ ...parts, would: await would() }, { cause: error });
}

/**
 * Says where credentials were looked for, or which were not accepted. Where credentials and region are missing, the SDK
 * names only the region.
 */
export async function accessParts({ parts, attempted, explanation }: AwsAccessError): Promise<UserErrorParts> {
  const searched = searchedPlaces(process.env);
  if (explanation.problem === 'missing') return { ...parts, received: searched };
  const absent = explanation.problem === 'noRegion' ? await absentCredentials() : undefined;
  if (absent !== undefined)
    return {
      what: `cannot ${attempted}: ${absent.cause}, and ${explanation.cause}`,
      received: searched,
      fix: `${absent.fix}; ${explanation.fix}`,
    };
  const used = findCredentials(process.env);
  return used === null ? parts : { ...parts, received: `${parts.received}; credentials ${used}` };
}

/** What to say of missing credentials; undefined if there are some. */
async function absentCredentials(): Promise<AccessExplanation | undefined> {
  try {
    await new CloudFormationClient({ region: 'us-east-1' }).config.credentials();
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    return explainAccess(name, message);
  }
}
