import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '#broker/configuration/load-configuration.ts';
import {
  credentialKindIds,
  credentialKindOf,
} from '../../console/src/features/first-run/credential-kinds.ts';
import { platformIds, platformOf } from '../../console/src/features/first-run/platforms.ts';
import {
  providerNameOf,
  writeConfiguration,
} from '../../console/src/features/first-run/write-configuration.ts';

const HEAD = 'version: 1\nurl: https://vouchgate.acme.example\n';
const FACTS = {
  server: 'https://vouchgate.acme.example',
  audience: 'https://vouchgate.acme.example',
  resource: 'shop-db',
};

describe('the snippets of the first-run guide', () => {
  it.each(platformIds.flatMap((platform) => credentialKindIds.map((kind) => [platform, kind] as const)))(
    'for %s and %s are a configuration that the server takes',
    async (platform, kind) => {
      const load = await loadConfiguration({ 'vouchgate.yaml': HEAD + writeConfiguration(platform, kind) });
      if (!load.ok) throw new Error(JSON.stringify(load.problems));
      const { identityProviders, resources } = load.configuration;
      expect(identityProviders.map(({ name }) => name)).toEqual([providerNameOf(platform)]);
      expect([...resources.keys()]).toEqual([credentialKindOf(kind).resource]);
    },
  );

  it.each(platformIds)('for %s say which server, and which resource', (platform) => {
    const snippet = platformOf(platform).snippet(FACTS);
    expect(snippet).toContain('--server https://vouchgate.acme.example --resource shop-db');
    if (platform !== 'jenkins') expect(parse(snippet)).toBeTypeOf('object');
  });
});
