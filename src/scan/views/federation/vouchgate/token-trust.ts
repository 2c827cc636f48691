import type { GuardedResource } from './configuration.ts';
import { subjectOfToken } from './configuration.ts';

const SERVER = 'https://vouchgate.example.com';

function commandsFor(name: string, audience: string): string {
  const subject = subjectOfToken(name);
  if (name.startsWith('azure')) {
    const parameters = { name: `vouchgate-${name}`, issuer: SERVER, subject, audiences: [audience] };
    return `az ad app federated-credential create --id APPLICATION_ID --parameters '${JSON.stringify(parameters)}'`;
  }
  if (name.startsWith('vault')) {
    const role = { role_type: 'jwt', user_claim: 'sub', bound_subject: subject, bound_audiences: [audience] };
    return [
      'vault auth enable jwt',
      `vault write auth/jwt/config oidc_discovery_url=${SERVER} bound_issuer=${SERVER}`,
      `vault write auth/jwt/role/${name} - <<'ROLE'`,
      JSON.stringify({ ...role, token_policies: [name], token_ttl: '15m' }, undefined, 2),
      'ROLE',
    ].join('\n');
  }
  return [
    `gcloud iam workload-identity-pools create ${name} --location global`,
    `gcloud iam workload-identity-pools providers create-oidc ${name} --location global --workload-identity-pool ${name} \\`,
    `  --issuer-uri ${SERVER} --allowed-audiences ${audience} --attribute-mapping google.subject=assertion.sub \\`,
    `  --attribute-condition "assertion.sub == '${subject}'"`,
    'gcloud iam service-accounts add-iam-policy-binding ACCOUNT --role roles/iam.workloadIdentityUser \\',
    `  --member "principal://iam.googleapis.com/projects/PROJECT_NUMBER/locations/global/workloadIdentityPools/${name}/subject/${subject}"`,
  ].join('\n');
}

/** What the other side has to be told where it takes tokens of Vouchgate: one subject, which a policy gives away. */
export function describeTokenTrust(guarded: readonly GuardedResource[]): string {
  const tokens = guarded.filter(({ resource }) => resource.provider === 'token');
  return tokens
    .map(
      ({ resource: { name, audience } }) =>
        `\n## ${name}, by way of Vouchgate\n\nThe other side accepts one subject of ${SERVER}, which has to be reachable for it; the policy \`vouchgate/policies/${name}.cedar\` says who may be it.\n\n\`\`\`sh\n${commandsFor(name, audience)}\n\`\`\`\n`,
    )
    .join('');
}
