import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { AppError } from '#core/errors.ts';

export class ServerError extends AppError<'trusted_proxy_invalid' | 'listen_failed'> {}

const HOPS_MAX = 32;
const MAPPED = '::ffff:';

/** One spelling per address: IPv4 in IPv6 (`::ffff:192.0.2.1`) becomes IPv4. */
function plain(address: string): string {
  return address.startsWith(MAPPED) && isIP(address.slice(MAPPED.length)) === 4
    ? address.slice(MAPPED.length)
    : address;
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6';
}

function addNetwork(networks: BlockList, network: string): void {
  const [address = '', length] = network.split('/');
  const family = familyOf(address);
  const bitsMax = family === 'ipv4' ? 32 : 128;
  const bits = length === undefined ? bitsMax : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (family === undefined || bits < 0 || bits > bitsMax || network.split('/').length > 2) {
    throw new ServerError('trusted_proxy_invalid', `\`${network}\` is not an address or a CIDR network.`, {
      remedy: 'Write trusted proxies as 192.0.2.0/24 or 2001:db8::/32.',
    });
  }
  networks.addSubnet(address, bits, family);
}

/** `192.0.2.1`, `192.0.2.1:4711`, `[2001:db8::1]:4711`, `2001:db8::1`; undefined for what is no address. */
function addressOfHop(hop: string): string | undefined {
  const text = hop.trim();
  const bracketed = /^\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?$/.exec(text)?.[1];
  const withPort = /^(\d[\d.]+):\d{1,5}$/.exec(text)?.[1];
  const address = plain(bracketed ?? withPort ?? text);
  return isIP(address) === 0 ? undefined : address;
}

/**
 * Who called. X-Forwarded-For counts only where a trusted proxy connected, read from the right: the first
 * address that is not a trusted proxy. What stands further left was written by the caller and may be a lie.
 */
export function createSourceAddress(
  trustedProxies: readonly string[],
): (request: IncomingMessage) => string | undefined {
  const networks = new BlockList();
  for (const network of trustedProxies) addNetwork(networks, network);
  const isTrusted = (address: string) => networks.check(address, familyOf(address) ?? 'ipv4');
  return (request) => {
    const peer = request.socket.remoteAddress;
    if (peer === undefined) return undefined;
    let nearest = plain(peer);
    if (trustedProxies.length === 0) return nearest;
    const header = request.headers['x-forwarded-for'];
    const hops = (typeof header === 'string' ? header.split(',') : []).slice(-HOPS_MAX);
    while (isTrusted(nearest)) {
      const hop = hops.pop();
      const address = hop === undefined ? undefined : addressOfHop(hop);
      if (address === undefined) return nearest;
      nearest = address;
    }
    return nearest;
  };
}
