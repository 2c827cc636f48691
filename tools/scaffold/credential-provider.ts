import type { ScaffoldedFiles } from './scaffold.ts';

function provider(id: string): string {
  return `import { z } from 'zod';
import { CredentialError } from '../../credential-error.ts';
import type {
  CredentialProvider,
  CredentialProviderContext,
  CredentialProviderKind,
  CredentialRequest,
} from '../../provider.ts';

const Settings = z.strictObject({});
type Settings = z.infer<typeof Settings>;

const Parameters = z.strictObject({});
type Parameters = z.infer<typeof Parameters>;

export const provider: CredentialProviderKind<Settings, Parameters> = {
  id: '${id}',
  title: '${id}',
  description: 'What a job receives and what it opens, in a sentence or two.',
  settings: Settings,
  parameters: Parameters,
  effect: 'external',
  revocable: true,
  renewable: false,
  stored: false,
  ttlSeconds: { default: 900, min: 60, max: 3_600 },
  issuedTokenType: 'urn:vouchgate:params:oauth:token-type:credential',
  securityConsiderations: [],
  create,
};

function create(_settings: Settings, _context: CredentialProviderContext): CredentialProvider<Parameters> {
  return {
    // Names what will be made before it is made; holds no secret.
    plan: (request: CredentialRequest<Parameters>) => ({ lease: request.leaseId }),
    // Idempotent for one handle.
    async issue() {
      throw notWritten('issue');
    },
    // What is not there counts as undone.
    async revoke() {
      throw notWritten('revoke');
    },
    async check() {
      return ['Nothing is checked yet.'];
    },
    async close() {},
  };
}

function notWritten(step: string): CredentialError {
  return new CredentialError('backend_unavailable', \`\${step}() of ${id} is not written yet.\`);
}
`;
}

function test(): string {
  return `import { describeCredentialProvider } from '../../credential-provider.contract.ts';
import { createTestContext } from '../../credential-provider.fakes.ts';
import { provider } from './provider.ts';

// The contract suite looks for secrets where none may be, repeats and aborts calls, and takes the back-end away.
describeCredentialProvider(provider, {
  open: async () => ({ settings: {}, parameters: {}, context: createTestContext({}) }),
});
`;
}

export function credentialProviderFiles(id: string): ScaffoldedFiles {
  const folder = `src/credentials/providers/${id}`;
  return { [`${folder}/provider.ts`]: provider(id), [`${folder}/provider.test.ts`]: test() };
}
