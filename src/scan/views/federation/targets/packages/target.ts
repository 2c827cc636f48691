import type { CredentialKindId } from '../../../../shared/static-credentials.ts';
import { IDENTITY_TOKEN, type Migration } from '../../patch/migration.ts';
import { requirePublishing, requireTool } from './publishing.ts';
import { knownActions } from '../known-steps.ts';
import type { Target, TrustRequest } from '../target.ts';

interface PackageRegistry {
  readonly migration: Migration;
  /** Where a publisher is registered, and what more has to be so. */
  readonly where: string;
  /** Hosts of the registry that trusts identities. */
  readonly hosts: RegExp;
  /** Variables of tools that publish without a token when they find none; any when it is left out. */
  readonly variables?: RegExp;
}

const plain: Migration = { inputs: {}, variables: [], exports: true, scope: IDENTITY_TOKEN };
const taken = (expression: string) => ({
  replaceInput: () => expression,
  replaceVariable: () => expression,
  replaceInScript: () => expression,
});

const CARGO_TOKEN = 'steps.crates-io.outputs.token';
const NUGET_KEY = 'steps.nuget.outputs.NUGET_API_KEY';

const registries = {
  pypi: {
    hosts: /(?:^|\.)pypi\.org$/,
    variables: /^(?:TWINE|UV_PUBLISH|PDM_PUBLISH)_/,
    migration: {
      ...plain,
      inputs: { 'pypa/gh-action-pypi-publish': { remove: ['user', 'password'], add: [] } },
      // Twine from 6.1 and uv get a token by themselves where they find no other.
    },
    where: 'Your project on pypi.org › Publishing › add a publisher. Twine 6.1 or later, or `uv publish`.',
  },
  npm: {
    hosts: /(?:^|\.)npmjs\.(?:org|com)$/,
    migration: {
      ...plain,
      inputs: { 'js-devtools/npm-publish': { remove: ['token'], add: [] } },
      loginLine: /^[^|]{0,300}_authToken/,
    },
    where:
      'npmjs.com › package › Settings › Trusted publisher; then “Require two-factor authentication and disallow tokens”. npm 11.5.1 or later (Node.js 24 has it).',
  },
  cargo: {
    hosts: /(?:^|\.)crates\.io$/,
    migration: {
      ...plain,
      ...taken(CARGO_TOKEN),
      login: { id: 'crates-io', uses: knownActions.cargo, with: [] },
      exports: false,
    },
    where: 'crates.io › crate › Settings › Trusted Publishing.',
  },
  rubygems: {
    hosts: /(?:^|\.)rubygems\.org$/,
    migration: {
      ...plain,
      inputs: {
        'rubygems/configure-rubygems-credentials': { remove: ['api-token'], add: [] },
      },
      login: { uses: knownActions.rubygems, with: [] },
    },
    where: 'rubygems.org › gem › Trusted publishers.',
  },
  nuget: {
    hosts: /(?:^|\.)nuget\.org$/,
    migration: {
      ...plain,
      ...taken(NUGET_KEY),
      login: { id: 'nuget', uses: knownActions.nuget, with: [['user', '${{ vars.NUGET_USER }}']] },
      exports: false,
    },
    where: 'nuget.org › your name › Trusted Publishing. `NUGET_USER` is the name of your profile.',
  },
} as const satisfies Partial<Record<CredentialKindId, PackageRegistry>>;

function steps({ where }: PackageRegistry, { binding, identity }: TrustRequest): string {
  return `${where}

| field | value |
|---|---|
| owner | \`${identity.owner}\` |
| repository | \`${identity.name}\` |
| workflow | the name of the file, without its folder |
| environment | \`${binding.environment ?? 'none; better give the job one, with a rule that names who may publish'}\` |

Then delete the token at the registry.
`;
}

/** Publishing without a token (“trusted publishing”) is known to GitHub's own runners and GitLab.com. */
export function packageTarget(kind: keyof typeof registries): Target {
  const registry: PackageRegistry = registries[kind];
  return {
    migrate: (credential) => {
      requirePublishing(credential, registry.hosts);
      if (registry.variables !== undefined) requireTool(credential, registry.variables);
      return registry.migration;
    },
    trust: (request) => ({ terraform: undefined, steps: steps(registry, request) }),
    environment: 'release',
  };
}
