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
  const absent = explanation.problem === 'noRegion' ? await absentCredentials() : undefined;
  if (absent === undefined) return { ...parts, received: receivedText(parts.received ?? '') };
  return {
    what: `cannot ${attempted}: ${absent.explanation.cause}, and ${explanation.cause}`,
    received: receivedText(absent.message),
    fix: `${absent.explanation.fix}; ${explanation.fix}`,
  };
}

/** With whose credentials they are; all places where the SDK has looked if it has found none anywhere. */
function receivedText(message: string): string {
  if (message.includes('Could not load credentials from any providers')) return searchedPlaces(process.env);
  const used = findCredentials(process.env);
  return used === null ? message : `${message.replace(/\.$/, '')}; credentials ${used}`;
}

/** Why there are no credentials; undefined if there are some. */
async function absentCredentials(): Promise<
  { readonly explanation: AccessExplanation; readonly message: string } | undefined
> {
  try {
    await new CloudFormationClient({ region: 'us-east-1' }).config.credentials();
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    const explanation = explainAccess(name, message);
    return explanation && { explanation, message };
  }
}
