import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { credentialProviderKinds } from './providers.generated.ts';

describe('the kinds of credentials', () => {
  const kinds = Object.entries(credentialProviderKinds);

  it('are named by their folders', async () => {
    const entries = await readdir(new URL('./providers/', import.meta.url), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(Object.keys(credentialProviderKinds).sort()).toEqual(folders.sort());
    for (const [name, kind] of kinds) expect(kind.id).toBe(name);
  });

  it.each(kinds)('%s is tried on the contract suite', async (name) => {
    const files = await readdir(new URL(`./providers/${name}/`, import.meta.url));
    expect(files).toContain('provider.test.ts');
  });

  it('leave nothing behind where their effect is none', () => {
    for (const [, kind] of kinds) if (kind.effect === 'none') expect(kind.revocable).toBe(false);
  });
});
