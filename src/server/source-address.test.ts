import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSourceAddress, ServerError } from './source-address.ts';

function requestFrom(remoteAddress: string, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the two members that are read
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

describe('createSourceAddress', () => {
  const sourceOf = createSourceAddress(['10.0.0.0/8', '2001:db8:1::/48', '127.0.0.1']);

  it.each([
    ['a caller without a proxy', '203.0.113.7', undefined, '203.0.113.7'],
    ['a caller who claims to be somebody else', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['one trusted proxy', '10.1.1.1', '198.51.100.1', '198.51.100.1'],
    ['a lie before the proxy', '10.1.1.1', '192.0.2.66, 198.51.100.1', '198.51.100.1'],
    ['two trusted proxies', '10.1.1.1', '198.51.100.1, 10.2.2.2', '198.51.100.1'],
    ['only trusted proxies', '10.1.1.1', '10.3.3.3', '10.3.3.3'],
    ['a proxy that says nothing', '10.1.1.1', undefined, '10.1.1.1'],
    ['a hop that is no address', '10.1.1.1', '198.51.100.1, unknown', '10.1.1.1'],
    ['a port behind the address', '10.1.1.1', '198.51.100.1:4711', '198.51.100.1'],
    ['IPv6 in brackets with a port', '10.1.1.1', '[2001:db8:2::1]:4711', '2001:db8:2::1'],
    ['IPv4 in IPv6', '::ffff:10.1.1.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['an IPv6 proxy', '2001:db8:1::1', '198.51.100.1', '198.51.100.1'],
  ])('finds the address of %s', (_name, peer, forwarded, expected) => {
    expect(sourceOf(requestFrom(peer, forwarded))).toBe(expected);
  });

  it('looks at no header while no proxy is trusted', () => {
    expect(createSourceAddress([])(requestFrom('10.1.1.1', '198.51.100.1'))).toBe('10.1.1.1');
  });

  it('lets nothing to the left of the first stranger change the answer', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (lie) => {
        expect(sourceOf(requestFrom('10.1.1.1', `${lie}, 198.51.100.1`))).toBe('198.51.100.1');
      }),
    );
  });

  it.each(['10.0.0.0/33', '10.0.0/8', 'proxy.example', '10.0.0.0/8/8', '::/129', '10.0.0.0/-1', ''])(
    'refuses %j as a trusted proxy',
    (network) => {
      expect(() => createSourceAddress([network])).toThrow(ServerError);
    },
  );
});
