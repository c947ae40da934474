import { mockClient as replaceSend } from 'aws-sdk-client-mock';
import { afterAll } from 'vitest';

/**
 * Stands in for every client of a class from the AWS SDK until the test file ends: the files after it may share its
 * modules.
 */
export function mockClient(client: unknown): ReturnType<typeof replaceSend> {
  const mock = replaceSend(client as never);
  afterAll(() => mock.restore());
  return mock;
}
