import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy does to a request instead of passing it on untouched. */
export type Fault =
  | {
      readonly type: 'status';
      readonly status: number;
      readonly code: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection ends before the request reaches the server. */
  | { readonly type: 'reset' }
  /** The server handles the request, but its answer is lost. */
  | { readonly type: 'lostAnswer' }
  /** The answer's headers arrive, with half of its body. */
  | { readonly type: 'truncated' };

interface PlannedFault {
  readonly fault: Fault;
  readonly matches: (method: string, url: string) => boolean;
  left: number;
}

/** An HTTP proxy in front of one server that breaks requests on demand; for test files only. */
export class FaultProxy {
  readonly requests: string[] = [];
  private planned: PlannedFault[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => this.handle(incoming, outgoing));
  }

  static async start(endpoint: string): Promise<FaultProxy> {
    const server = createServer();
    const proxy = new FaultProxy(server, new URL(endpoint));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next `times` requests that match get the fault. */
  break(fault: Fault, times: number, matches: (method: string, url: string) => boolean = () => true): void {
    this.planned.push({ fault, matches, left: times });
  }

  /** Forgets faults and requests. */
  reset(): void {
    this.planned = [];
    this.requests.length = 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = '', url = '' } = incoming;
    this.requests.push(`${method} ${url}`);
    const found = this.planned.find(({ left, matches }) => left > 0 && matches(method, url));
    if (found !== undefined) found.left--;
    const fault = found?.fault;
    if (fault?.type === 'reset') incoming.socket.destroy();
    else if (fault?.type === 'status') {
      incoming.resume().on('end', () => answer(outgoing, fault));
    } else this.forward(incoming, outgoing, fault);
  }

  private forward(incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault | undefined): void {
    // The signature covers the Host header, so it must not change.
    const onward = request(
      {
        host: this.target.hostname,
        port: this.target.port,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          if (fault?.type === 'lostAnswer') {
            incoming.socket.destroy();
            return;
          }
          const body = Buffer.concat(chunks);
          const { 'transfer-encoding': _chunked, ...headers } = response.headers;
          outgoing.writeHead(
            response.statusCode ?? 502,
            incoming.method === 'HEAD' ? headers : { ...headers, 'content-length': body.length },
          );
          if (fault?.type === 'truncated')
            outgoing.write(body.subarray(0, body.length >> 1), () => incoming.socket.destroy());
          else outgoing.end(body);
        });
      },
    );
    onward.on('error', () => incoming.socket.destroy());
    incoming.pipe(onward);
  }
}

function answer(outgoing: ServerResponse, { status, code, headers }: Fault & { readonly type: 'status' }): void {
  outgoing.writeHead(status, { 'content-type': 'application/xml', ...headers });
  outgoing.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>made by the test</Message></Error>`,
  );
}
