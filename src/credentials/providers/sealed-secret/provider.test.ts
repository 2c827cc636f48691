import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import { Secret } from '#core/secret.ts';
import { describeCredentialProvider } from '../../credential-provider.contract.ts';
import { createTestContext, exampleRequest } from '../../credential-provider.fakes.ts';
import { provider as kind } from './provider.ts';

const CANARY = 'canary-77ac01';

const contextWith = (value: string) =>
  createTestContext({
    sealedSecrets: { read: async (name) => (name === 'npm-token' ? new Secret(value) : undefined) },
  });

describeCredentialProvider(kind, {
  open: async () => ({
    settings: {},
    parameters: { secret: 'npm-token', environment: 'NPM_TOKEN' },
    context: contextWith(CANARY),
    canaries: [CANARY],
  }),
});

async function issue(value: string, parameters: Record<string, unknown>) {
  const provider = kind.create({}, contextWith(value));
  const request = exampleRequest(
    kind.parameters.parse({ secret: 'npm-token', environment: 'NPM_TOKEN', ...parameters }),
  );
  const { values, environment } = await provider.issue(
    request,
    provider.plan(request),
    AbortSignal.timeout(5_000),
  );
  return { value: values.value instanceof Secret ? values.value.reveal() : undefined, environment };
}

describe('a sealed secret', () => {
  it('goes into all variables that were named', async () => {
    await expect(issue(CANARY, { environment: ['NPM_TOKEN', 'NODE_AUTH_TOKEN'] })).resolves.toEqual({
      value: CANARY,
      environment: { NPM_TOKEN: 'value', NODE_AUTH_TOKEN: 'value' },
    });
  });

  it('can be one member of a JSON object', async () => {
    const { value } = await issue(JSON.stringify({ user: 'x', password: CANARY }), { field: 'password' });
    expect(value).toBe(CANARY);
  });

  it.each([
    ['not JSON', CANARY],
    ['not an object', JSON.stringify([CANARY])],
    ['without the member', JSON.stringify({ other: CANARY })],
    ['with a member that is no text', JSON.stringify({ password: { nested: CANARY } })],
    ['null', 'null'],
  ])('that is %s says so without showing it', async (_, stored) => {
    const error: unknown = await issue(stored, { field: 'password' }).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'credential_value_missing' });
    expect(inspect(error, { depth: 10 })).not.toContain(CANARY);
  });

  it('does not take members of the prototype for its own', async () => {
    await expect(issue('{}', { field: 'constructor' })).rejects.toMatchObject({
      code: 'credential_value_missing',
    });
  });

  it('that is missing says how to set it', async () => {
    await expect(issue(CANARY, { secret: 'other' })).rejects.toMatchObject({
      code: 'credential_value_missing',
      remedy: 'Set it with `vouchgate secret set other`.',
    });
  });

  it.each([[{ environment: 'A-B' }], [{ environment: [] }], [{ environment: '1A' }], [{ secret: '../x' }]])(
    'is not configured by %j',
    (parameters) => {
      const all = { secret: 'npm-token', environment: 'NPM_TOKEN', ...parameters };
      expect(kind.parameters.safeParse(all).success).toBe(false);
    },
  );
});
