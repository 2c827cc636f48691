import { X509Certificate } from 'node:crypto';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { FetchError } from './fetch-error.ts';
import { isPublicAddress } from './public-address.ts';

export type ResolveAll = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const CONNECT_TIMEOUT_MS = 5_000;
const CONNECTIONS_MAX = 8;
const ORIGINS_MAX = 256;
const AGENT_LIMITS = { allowH2: false, connections: CONNECTIONS_MAX, maxOrigins: ORIGINS_MAX, pipelining: 1 };

/** What can be judged before a name is resolved. `connect` does not look literal addresses up, so they end here. */
export function checkTarget(url: URL): void {
  if (url.protocol !== 'https:') {
    const remedy = 'Use https, or add the host to the hosts that may be private.';
    throw new FetchError('fetch_scheme_forbidden', 'Only https is allowed.', { remedy });
  }
  // Decimal, octal and hexadecimal spellings have become the dotted one in the URL parser.
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '');
  const isLocalName = host === 'localhost' || host.endsWith('.localhost');
  if (isLocalName || (isIP(host) !== 0 && !isPublicAddress(host))) throw forbiddenAddress(host);
}

function forbiddenAddress(host: string): FetchError {
  const remedy = 'If this host is meant, add it to the hosts that may be private.';
  return new FetchError('fetch_address_forbidden', `${host} is not on the public internet.`, { remedy });
}

/** One private address among many is enough to refuse: which one is connected to is not ours to choose. */
export function guardLookup(resolveAll: ResolveAll): LookupFunction {
  return (hostname, options, callback) => {
    resolveAll(hostname, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error !== null || first === undefined) {
        callback(error ?? new Error(`${hostname} has no address`), []);
      } else if (addresses.some(({ address }) => !isPublicAddress(address))) {
        callback(forbiddenAddress(hostname), []);
      } else if (options.all) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

export function createAgent(
  secureContext: SecureContext | undefined,
  lookup: LookupFunction | undefined,
): Dispatcher {
  return new Agent({
    ...AGENT_LIMITS,
    connect: {
      timeout: CONNECT_TIMEOUT_MS,
      ...(secureContext === undefined ? {} : { secureContext }),
      ...(lookup === undefined ? {} : { lookup }),
    },
  });
}

export function createProxyAgent(proxyUrl: string, secureContext: SecureContext | undefined): Dispatcher {
  const tls = { timeout: CONNECT_TIMEOUT_MS, ...(secureContext === undefined ? {} : { secureContext }) };
  return new ProxyAgent({ ...AGENT_LIMITS, uri: proxyUrl, requestTls: tls, proxyTls: tls });
}

/** Made once: parsing some 150 system certificates for each connection would cost more than the handshake. */
export function trustAlso(caPem: string): SecureContext {
  const blocks = caPem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new FetchError('fetch_failed', 'The file of CA certificates holds none.');
  // OpenSSL skips what it cannot read; a broken certificate must not look like a trusted one.
  const added = blocks.map((block) => new X509Certificate(block).toString());
  return createSecureContext({ ca: [...getCACertificates('default'), ...added] });
}
