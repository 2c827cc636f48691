import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf, loadConfiguration } from './load-configuration.ts';

const VALID = `version: 1
url: https://vouchgate.acme.example
identityProviders:
  github: { type: github-actions }
credentialProviders:
  own: { type: oidc-token }
resources:
  registry:
    credentialProvider: own
    parameters: { audience: https://packages.acme.example }
`;

async function problemsOf(text: string, others: Record<string, string> = {}): Promise<string[]> {
  const load = await loadConfiguration({ 'vouchgate.yaml': text, ...others });
  return load.ok ? [] : load.problems.map(({ line, message, remedy }) => `${line}: ${message} ${remedy}`);
}

describe('a configuration file', () => {
  test('that is valid gives every resource its defaults', async () => {
    const load = await loadConfiguration({ 'vouchgate.yaml': VALID });
    if (!load.ok) throw new Error(JSON.stringify(load.problems));
    expect(load.configuration.audience).toBe('https://vouchgate.acme.example');
    expect(load.configuration.resources.get('registry')).toMatchObject({
      ttlSeconds: 600,
      ttlSecondsMax: 600,
      privileged: false,
      proofRequired: false,
    });
  });

  test.each([
    ['a missing file', undefined, '1: The file is missing.'],
    ['no mapping', '[]', '1: '],
    ['an unknown key', `${VALID}resourcs: {}\n`, '11: Unknown key `resourcs`. Did you mean `resources`?'],
    ['a version of the future', VALID.replace('version: 1', 'version: 2'), '1: `version`'],
    ['http elsewhere than on loopback', VALID.replace('https://vouch', 'http://vouch'), '2: `url`'],
    ['an unknown kind', VALID.replace('oidc-token', 'oidc-tokens'), '6: `credentialProviders.own.type`'],
    ['an unknown provider', VALID.replace('credentialProvider: own', 'credentialProvider: won'), '9: '],
    ['a ttl out of range', `${VALID}    ttl: 5d\n`, '11: `resources.registry.ttl`: is out of range'],
    ['a ttlMax under the ttl', `${VALID}    ttl: 10m\n    ttlMax: 5m\n`, '12: `resources.registry.ttlMax`'],
    ['a ttl without a unit', `${VALID}    ttl: 600\n`, '11: `resources.registry.ttl`'],
    [
      'two providers of one issuer',
      VALID.replace('  github: {', '  hub: { type: github-actions }\n  github: {'),
      '5: ',
    ],
    ['policies elsewhere', `${VALID}policies: ../other\n`, '11: `policies`'],
    ['policies with a slash at the end', `${VALID}policies: policies/\n`, '11: `policies`'],
    ['a proxy that is no network', `${VALID}network: { trustedProxies: [10.0.0.0/64] }\n`, '11: '],
    [
      'an alias',
      VALID.replace('own: {', 'own: &own {').replace('credentialProvider: own', 'credentialProvider: *own'),
      '1: YAML aliases',
    ],
    ['a key that comes twice', `${VALID}version: 1\n`, '11: '],
  ])('with %s is refused at its line', async (_, text, expected) => {
    const load = await loadConfiguration(text === undefined ? {} : { 'vouchgate.yaml': text });
    const problems = load.ok
      ? []
      : load.problems.map(({ line, message, remedy }) => `${line}: ${message} ${remedy}`);
    expect(problems.join('\n')).toContain(expected);
  });

  test('names every mistake at once, those of policies too', async () => {
    const problems = await problemsOf(VALID.replace('oidc-token', 'nonsense'), {
      'policies/a.cedar': 'permit (principal, action, resource);',
    });
    expect(problems.length).toBeGreaterThanOrEqual(2);
  });

  test('never breaks the loader, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((text) => `${VALID}${text}`),
        ),
        async (text) => {
          const load = await loadConfiguration({ 'vouchgate.yaml': text });
          if (load.ok) return;
          for (const { line, column, message, remedy } of load.problems) {
            expect([line >= 1, column >= 1, message !== '', remedy !== '']).toEqual([true, true, true, true]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the digest of a configuration', () => {
  test('does not depend on the order of the files, and does on every one of them', () => {
    expect(digestOf({ a: '1', b: '2' })).toBe(digestOf({ b: '2', a: '1' }));
    expect(digestOf({ a: '1', b: '2' })).not.toBe(digestOf({ a: '12', b: '' }));
    expect(digestOf({ 'a","b': '1' })).not.toBe(digestOf({ a: 'b', b: '1' }));
  });
});
