import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeInstanceMetadata {
  /** For `AWS_EC2_METADATA_SERVICE_ENDPOINT`. */
  readonly endpoint: string;
  /** Values below `/latest/meta-data/`, by path; tests may change them while it runs. */
  readonly values: Map<string, string>;
  /** `METHOD path` of every request. */
  readonly requests: string[];
  /** Makes the issued token expire. */
  expireToken(): void;
  close(): Promise<void>;
}

/** A server that speaks version 2 of the instance metadata service: without a valid token it answers 401. */
export async function fakeInstanceMetadata(
  initial: Readonly<Record<string, string>> = {},
): Promise<FakeInstanceMetadata> {
  const values = new Map(Object.entries(initial));
  const requests: string[] = [];
  let tokens = 0;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (request.method === 'PUT' && request.url === '/latest/api/token') {
      if (request.headers['x-aws-ec2-metadata-token-ttl-seconds'] === undefined) return response.writeHead(400).end();
      return response.end(`token-${++tokens}`);
    }
    if (request.headers['x-aws-ec2-metadata-token'] !== `token-${tokens}`) return response.writeHead(401).end();
    const value = values.get((request.url ?? '').replace('/latest/meta-data/', ''));
    return value === undefined ? response.writeHead(404).end() : response.end(value);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    values,
    requests,
    expireToken: () => void tokens++,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
