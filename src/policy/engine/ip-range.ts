import { isIPv4, isIPv6 } from 'node:net';

/** Cedar's `ipaddr`: one address or a range; the host bits stay, as they count for equality. */
export interface IpRange {
  version: 4 | 6;
  address: bigint;
  prefix: number;
}

/** Longest text that Cedar reads: a full IPv6 address with `/128`. */
const TEXT_CHARS_MAX = 43;
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;

/** Reads what Cedar's `ip()` reads; undefined for everything else. IPv4 in dots inside IPv6 is refused. */
export function parseIpRange(text: string): IpRange | undefined {
  if (text.length > TEXT_CHARS_MAX) return undefined;
  const slash = text.indexOf('/');
  const addressText = slash === -1 ? text : text.slice(0, slash);
  const version = isIPv4(addressText) ? 4 : isHexIpv6(addressText) ? 6 : undefined;
  if (version === undefined) return undefined;
  const prefixMax = version === 4 ? 32 : 128;
  const address = version === 4 ? readIpv4(addressText) : readIpv6(addressText);
  if (slash === -1) return { version, address, prefix: prefixMax };
  const prefixText = text.slice(slash + 1);
  if (!PREFIX.test(prefixText) || Number(prefixText) > prefixMax) return undefined;
  return { version, address, prefix: Number(prefixText) };
}

/** Node also takes a zone (`fe80::1%eth0`) and dots; Cedar takes neither. */
function isHexIpv6(text: string): boolean {
  return /^[0-9A-Fa-f:]+$/.test(text) && isIPv6(text);
}

function readIpv4(text: string): bigint {
  return text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function readIpv6(text: string): bigint {
  const [head = '', tail] = text.split('::');
  const headGroups = head === '' ? [] : head.split(':');
  const tailGroups = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - headGroups.length - tailGroups.length }, () => '0');
  return [...headGroups, ...zeros, ...tailGroups].reduce(
    (sum, group) => sum * 65_536n + BigInt(`0x${group}`),
    0n,
  );
}

/** True when every address of `inner` is one of `outer`. Versions never mix. */
export function isInRange(inner: IpRange, outer: IpRange): boolean {
  if (inner.version !== outer.version || inner.prefix < outer.prefix) return false;
  const shift = BigInt((outer.version === 4 ? 32 : 128) - outer.prefix);
  return inner.address >> shift === outer.address >> shift;
}

export function isLoopback({ version, address, prefix }: IpRange): boolean {
  return version === 4 ? prefix >= 8 && address >> 24n === 127n : prefix === 128 && address === 1n;
}

export function isMulticast({ version, address, prefix }: IpRange): boolean {
  return version === 4 ? prefix >= 4 && address >> 28n === 14n : prefix >= 8 && address >> 120n === 255n;
}
