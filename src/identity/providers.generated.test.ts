import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { signatureAlgorithms } from './jose/algorithms.ts';
import { identityProviderKinds } from './providers.generated.ts';

const folder = join(import.meta.dirname, 'providers');
const folders = readdirSync(folder).sort();

describe('the registry of identity provider kinds', () => {
  test('holds each folder under its own name', () => {
    expect(Object.keys(identityProviderKinds).sort()).toEqual(folders);
    for (const [id, kind] of Object.entries(identityProviderKinds)) expect(kind.id).toBe(id);
  });

  test.each(folders)('%s has an example and runs the contract suite', (id) => {
    const claims: unknown = JSON.parse(readFileSync(join(folder, id, 'example-claims.json'), 'utf8'));
    expect(claims).toHaveProperty('iss');
    expect(readFileSync(join(folder, id, 'provider.test.ts'), 'utf8')).toContain('describeIdentityProvider(');
  });

  test.each(Object.values(identityProviderKinds))('$id describes itself and has safe defaults', (kind) => {
    expect(kind.pitfalls.length).toBeGreaterThan(0);
    expect(kind.tokenSource.detect.length).toBeGreaterThan(0);
    expect(signatureAlgorithms).toEqual(expect.arrayContaining([...kind.algorithmsDefault]));
    expect(kind.lifetimeSecondsMax).toBeLessThanOrEqual(3_600);
    expect(kind.settings.safeParse({ unheardOf: 1 }).success).toBe(false);
  });
});
