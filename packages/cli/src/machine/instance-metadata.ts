const DEFAULT_ENDPOINT = 'http://169.254.169.254';
const TOKEN_SECONDS = 21_600;
const TIMEOUT_MS = 2000;

/**
 * The instance metadata service, version 2: a token first, then paths.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
export class InstanceMetadata {
  private readonly endpoint: string;
  private token: string | undefined;

  /** `AWS_EC2_METADATA_SERVICE_ENDPOINT` names another address, as for the AWS SDKs. */
  constructor(environment: NodeJS.ProcessEnv) {
    this.endpoint = (environment['AWS_EC2_METADATA_SERVICE_ENDPOINT'] ?? DEFAULT_ENDPOINT).replace(/\/$/, '');
  }

  /**
   * A value below `/latest/meta-data/`; undefined if there is no value or no such service (Fargate has a different
   * one).
   */
  async read(path: string): Promise<string | undefined> {
    try {
      const response = await this.get(path);
      // The token has expired: a training can take longer than one lasts.
      if (response.status === 401) this.token = undefined;
      const answer = response.status === 401 ? await this.get(path) : response;
      return answer.ok ? (await answer.text()).trim() : undefined;
    } catch {
      return undefined;
    }
  }

  private async get(path: string): Promise<Response> {
    this.token ??= await this.requestToken();
    return fetch(`${this.endpoint}/latest/meta-data/${path}`, {
      headers: { 'x-aws-ec2-metadata-token': this.token },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }

  private async requestToken(): Promise<string> {
    const response = await fetch(`${this.endpoint}/latest/api/token`, {
      method: 'PUT',
      headers: { 'x-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_SECONDS) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`instance metadata: HTTP ${response.status} for a token`);
    return response.text();
  }
}
