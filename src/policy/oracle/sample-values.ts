/** Names without spaces, as one text: a list of fifty lines says no more. */
export function words(text: string): readonly string[] {
  return text.split(' ');
}

/** Short, so that requests and policies often agree, with what parsers and objects trip over. */
export const texts = [
  '',
  '*',
  'a*b',
  '"\\',
  'é😀',
  ...words('main refs/heads/main production push a claims 1 toString __proto__'),
];

export const attributeNames = words(
  'provider commit trigger forked ref environment project org actor name privileged full id protected claims toString __proto__',
);

export const longs = words(
  '0 1 (-1) 7 60 1000 3037000500 4611686018427387 9007199254740991 (-9007199254740991) 9223372036854775807 (-9223372036854775808)',
);

export const postureLongs = words(
  'context.posture.critical context.posture.blocking context.posture.ageSeconds context.posture.reported.high',
);

export const addresses = words(
  '10.0.0.0/8 10.1.2.3 10.1.2.3/32 127.0.0.1 127.0.0.0/7 224.0.0.1 0.0.0.0/0 ::1 fe80::1/64 ff00::/8 2001:db8::/32 ' +
    '2001:db8::1 ::/0 ::ffff:a01:203 10.0.0.0/33 10.0.0.0/08 010.0.0.1 ::ffff:10.1.2.3 1.2.3 fe80::1%eth0 1.2.3.4/ ::g ::/129',
);

export const decimals = words(
  '1.0 1.00 -1.5 0.0001 -0.5 922337203685477.5807 -922337203685477.5808 922337203685477.5808 1 .5 1. 1.00000 00001.5 a.b 1e3.0 +1.0',
);

export const datetimes = words(
  '1969-07-20T20:17:40Z 1900-02-28T23:00:00.001-0100 2026-01-01 2026-01-01T00:00:00Z 2026-01-01T01:00:00+0100 1969-12-31T23:59:59.999Z 0000-01-01 9999-12-31T23:59:59.999-2359 ' +
    '2024-02-29 2023-02-29 2026-13-01 2026-00-01 2026-01-01T24:00:00Z 2026-01-01T00:00:60Z 2026-01-01T00:00:00 2026-01-01T00:00:00+2400',
);

export const durations = [
  '',
  ...words(
    '1d 24h 1h30m 90m -1s 1d2h3m4s5ms 0s 9223372036854775807ms -9223372036854775808ms 9223372036854775808ms - 1m1h 1.5h 106751991168d',
  ),
];

export const entityTypeNames = words('Workload Project Org IdentityProvider Resource');

export const entities = words(
  'Project::"github/1" Project::"github/2" Org::"github/1" IdentityProvider::"github" Workload::"github/main" ' +
    'Resource::"db" Resource::"logs" Action::"issue" Org::"gitlab/1"',
);

export const patterns = words(String.raw`* refs/*/main a* *n *a*i* main a\*b *é* m*n*n`);

export const hasPaths = words(
  'ref ref.full project.id environment.name trigger posture posture.reported grade forked claims a.b.c __proto__ toString "provider" name',
);

export const knownPaths = words(
  'principal.ref.full principal.environment.name principal.trigger principal.provider principal.project.id resource.name principal.commit context.posture.grade',
);
