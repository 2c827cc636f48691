import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublicAddress } from '#core/public-address.ts';
import { DefinitionSourceError } from '../definition-source.ts';

export type Resolve = (host: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

export interface JudgedHost {
  readonly host: string;
  readonly port: number;
  /** What was judged, and what must be connected to: a name may resolve differently the second time (DNS rebinding). */
  readonly addresses: readonly string[];
}

const PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80, 'ssh:': 22 };

/**
 * The addresses of a git server, when they may be reached: public ones, or those of a host that the configuration
 * allows to be private. Undefined for a `file:` URL, which has no host.
 * @throws {DefinitionSourceError}
 */
export async function judgeHost(
  url: URL,
  allowPrivateHosts: readonly string[],
  resolve: Resolve,
): Promise<JudgedHost | undefined> {
  if (url.protocol === 'file:') return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port === '' ? (PORTS[url.protocol] ?? 0) : Number(url.port);
  const isAllowed = allowPrivateHosts.some((each) => [host, `${host}:${port}`].includes(each.toLowerCase()));
  if (url.protocol === 'http:' && !isAllowed) throw refused('only https, or a host that may be private');
  const addresses = isIP(host) === 0 ? await resolveAll(host, resolve) : [host];
  if (!isAllowed && !addresses.every(isPublicAddress))
    throw refused('its address is not on the public internet');
  return { host, port, addresses };
}

async function resolveAll(host: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    const addresses = await resolve(host);
    if (addresses.length > 0) return addresses;
  } catch (cause) {
    throw new DefinitionSourceError('definition_source_unavailable', 'the git server was not found', {
      cause,
    });
  }
  throw new DefinitionSourceError('definition_source_unavailable', 'the git server was not found');
}

function refused(why: string): DefinitionSourceError {
  const remedy = 'If this host is meant, add it to network.allowPrivateHosts.';
  return new DefinitionSourceError('definition_source_refused', 'the git server may not be reached', {
    remedy,
    cause: new Error(`${why}. ${remedy}`),
  });
}
