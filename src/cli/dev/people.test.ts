import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '#broker/configuration/load-configuration.ts';
import { configurationFor } from './people.ts';

describe('the development provider for people', () => {
  it('prints a section that the configuration takes, with an owner in it', async () => {
    const printed = configurationFor('http://127.0.0.1:8450');
    const load = await loadConfiguration({
      'vouchgate.yaml': `version: 1\nurl: http://127.0.0.1:8440\n${printed}`,
    });
    if (!load.ok) throw new Error(JSON.stringify(load.problems));
    expect(load.configuration.warnings).toEqual([]);
    expect(load.configuration.people.settings.signIn?.issuer).toBe('http://127.0.0.1:8450');
    expect(load.configuration.allowPrivateHosts).toEqual(['127.0.0.1:8450']);
  });
});
