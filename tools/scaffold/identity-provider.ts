import type { ScaffoldedFiles } from './scaffold.ts';

function provider(id: string): string {
  return `import { z } from 'zod';
import type { IdentityProviderKind, Normalisation, VerifiedClaims } from '../../provider.ts';
import { refuse } from '../../refuse.ts';

const Settings = z.strictObject({});
type Settings = z.infer<typeof Settings>;

export const provider: IdentityProviderKind<Settings> = {
  id: '${id}',
  title: '${id}',
  description: 'Which jobs of which platform, in a sentence or two.',
  settings: Settings,
  algorithmsDefault: ['RS256'],
  lifetimeSecondsMax: 3_600,
  claimsRequired: ['sub'],
  immutableAttributes: [],
  pitfalls: [],
  tokenSource: {
    setup: 'What the pipeline must set for a token to be there.',
    detect: ['VOUCHGATE_ID_TOKEN'],
  },
  normalise,
};

// Ids before names; what the platform did not state stays absent; \`sub\` is never parsed.
function normalise(_claims: VerifiedClaims, _settings: Settings): Normalisation {
  return refuse('token_claim_invalid', {
    message: 'Tokens of ${id} are not read yet.',
    remedy: 'Write normalise() in src/identity/providers/${id}/provider.ts.',
  });
}
`;
}

function test(id: string): string {
  return `import { describeIdentityProvider } from '../../identity-provider.contract.ts';
import claims from './example-claims.json' with { type: 'json' };
import { provider } from './provider.ts';

// The contract suite sends the example, and every hostile variant of it. What is special to ${id} comes below.
describeIdentityProvider(provider, { claims });
`;
}

export function identityProviderFiles(id: string): ScaffoldedFiles {
  const folder = `src/identity/providers/${id}`;
  const claims = {
    iss: `https://${id}.example.com`,
    sub: 'as the platform writes it',
    aud: 'https://vouchgate.acme.example',
    iat: 1_790_000_000,
    nbf: 1_790_000_000,
    exp: 1_790_000_600,
    jti: 'a fresh one for each token',
  };
  return {
    [`${folder}/provider.ts`]: provider(id),
    [`${folder}/example-claims.json`]: `${JSON.stringify(claims, undefined, 2)}\n`,
    [`${folder}/provider.test.ts`]: test(id),
  };
}
