import type { Binding } from '../../bind/binding.ts';
import { tokensOf } from '../../bind/platform-tokens.ts';
import { issuerOf } from '../../bind/subjects.ts';
import { IDENTITY_TOKEN, type Migration } from '../../patch/migration.ts';
import { knownActions } from '../known-steps.ts';
import { setVariable } from '../set-variable.ts';
import type { Target, Trust, TrustRequest } from '../target.ts';
import { terraformList, terraformName, terraformText } from '../terraform-text.ts';

const LOGIN: readonly (readonly [string, string])[] = [
  ['method', 'jwt'],
  ['role', '${{ vars.VAULT_ROLE }}'],
];

const migration: Migration = {
  inputs: {
    'hashicorp/vault-action': { remove: ['token', 'method', 'roleid', 'secretid', 'role'], add: LOGIN },
  },
  login: {
    uses: knownActions.vault,
    with: [['url', '${{ vars.VAULT_ADDR }}'], ...LOGIN, ['exportToken', 'true']],
  },
  variables: [],
  exports: true,
  exportedNames: /^VAULT_TOKEN$/,
  loginLine: /^\s*vault\s+login\s/,
  scope: IDENTITY_TOKEN,
};

function userClaim({ platform }: Binding): string {
  const project = tokensOf(platform)?.project;
  if (project === undefined) return platform === 'github' ? 'repository_id' : 'project_id';
  return project.includes('/') ? `/${project.replaceAll('/', '~1')}` : project;
}

function audienceOf({ binding, identity }: TrustRequest): string {
  const own = tokensOf(binding.platform);
  if (own !== undefined) return own.audience(identity);
  return identity.host === 'https://github.com' ? `https://github.com/${identity.owner}` : identity.host;
}

/** Claims that must be there, each with the values that are meant. */
function boundClaims({ binding, identity }: TrustRequest): [string, readonly string[]][] {
  const { platform, environment, refs, events } = binding;
  const isGithub = platform === 'github';
  const own = tokensOf(platform);
  // A name with a slash in it is given as a JSON pointer (RFC 6901 §3).
  if (own !== undefined)
    return own
      .claims(binding, identity)
      .map(([claim, values]) => [claim.includes('/') ? `/${claim.replaceAll('/', '~1')}` : claim, values]);
  const claims: [string, readonly string[]][] = [
    [isGithub ? 'repository_id' : 'project_id', [identity.repositoryId]],
  ];
  if (environment !== undefined) claims.push(['environment', [environment]]);
  if (refs.length > 0) claims.push(['ref', isGithub ? refs : refs.map((ref) => ref.slice(11))]);
  if (isGithub) claims.push(['event_name', events]);
  else claims.push(['ref_protected', ['true']]);
  return claims;
}

function terraform(request: TrustRequest): string {
  const { name, binding, identity } = request;
  const id = terraformName(name);
  // The provider takes the values of one claim as text with commas.
  const claims = boundClaims(request).map(
    ([claim, values]) => `    ${terraformText(claim)} = ${terraformText(values.join(','))}`,
  );
  return `resource "vault_jwt_auth_backend" "${id}" {
  path               = ${terraformText(`ci-${name}`)}
  oidc_discovery_url = ${terraformText(issuerOf(binding, identity))}
  bound_issuer       = ${terraformText(issuerOf(binding, identity))}
}

resource "vault_jwt_auth_backend_role" "${id}" {
  backend         = vault_jwt_auth_backend.${id}.path
  role_name       = ${terraformText(name)}
  role_type       = "jwt"
  user_claim      = ${terraformText(userClaim(binding))}
  bound_audiences = ${terraformList([audienceOf(request)])}
  # Equality; never "glob".
  bound_claims_type = "string"
  bound_claims = {
${claims.join('\n')}
  }
  token_policies = [${terraformText(name)}]
  token_ttl      = 900
  token_max_ttl  = 3600
}
`;
}

function commands(request: TrustRequest): string {
  const { name, binding, identity } = request;
  const role = {
    role_type: 'jwt',
    user_claim: userClaim(binding),
    bound_audiences: [audienceOf(request)],
    bound_claims_type: 'string',
    bound_claims: Object.fromEntries(boundClaims(request)),
    token_policies: [name],
    token_ttl: '15m',
  };
  return `\`\`\`sh
vault auth enable -path=ci-${name} jwt
vault write auth/ci-${name}/config oidc_discovery_url=${issuerOf(binding, identity)} bound_issuer=${issuerOf(binding, identity)}
vault write auth/ci-${name}/role/${name} - <<'ROLE'
${JSON.stringify(role, undefined, 2)}
ROLE
${setVariable(binding, 'VAULT_ROLE', name)}
${setVariable(binding, 'VAULT_ADDR', 'https://VAULT')}
\`\`\`

Give the step \`path: ci-${name}\` where it names another mount. Then revoke the old token or secret id.
`;
}

const trust = (request: TrustRequest): Trust => ({ terraform: terraform(request), steps: commands(request) });

export const target: Target = { migrate: () => migration, trust, environment: 'production' };
