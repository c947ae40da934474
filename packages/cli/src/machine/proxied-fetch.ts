type Environment = Readonly<Record<string, string | undefined>>;

/** A variable's value, in lower case first, as curl reads them. */
function valueOf(environment: Environment, name: string): string | undefined {
  return environment[name.toLowerCase()] || environment[name] || undefined;
}

/** Whether an entry of NO_PROXY (`example.com`, `.example.com`, `*.example.com`, `host:port`) names this address. */
function names(entry: string, { hostname, port, protocol }: URL): boolean {
  const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (onlyPort !== undefined && onlyPort !== (port || (protocol === 'https:' ? '443' : '80'))) return false;
  const domain = name.replace(/^\*?\./, '');
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

/** The proxy for an address: HTTPS_PROXY or HTTP_PROXY by its protocol, unless NO_PROXY names the host or is `*`. */
export function proxyOf(address: string, environment: Environment): string | undefined {
  const url = new URL(address);
  const proxy = valueOf(environment, url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  const entries = (valueOf(environment, 'NO_PROXY') ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  if (proxy === undefined || entries.some((entry) => entry === '*' || names(entry, url))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/**
 * A fetch that goes through the proxies that the environment names, which Node's own does not; undefined if it names
 * none.
 */
export function proxiedFetch(environment: Environment): typeof fetch | undefined {
  if (valueOf(environment, 'HTTPS_PROXY') === undefined && valueOf(environment, 'HTTP_PROXY') === undefined)
    return undefined;
  return async (input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    const proxy = proxyOf(address, environment);
    if (proxy === undefined) return fetch(input, init);
    const { fetch: throughProxy, ProxyAgent } = await import('./undici.ts');
    const response = await throughProxy(address, {
      ...(init as Parameters<typeof throughProxy>[1]),
      dispatcher: new ProxyAgent(proxy),
    });
    return response as unknown as Response;
  };
}
