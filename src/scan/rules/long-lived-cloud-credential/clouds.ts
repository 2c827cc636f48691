import { type CredentialKindId, credentialKindOf } from '../../shared/static-credentials.ts';

export interface Cloud {
  readonly kind: CredentialKindId;
  readonly name: string;
  /** What to write instead. */
  readonly instead: string;
}

const clouds: readonly Cloud[] = [
  {
    kind: 'aws',
    name: 'AWS',
    instead:
      'use `aws-actions/configure-aws-credentials` with `role-to-assume:` and `permissions: { id-token: write }`, and let the role trust this repository and environment only',
  },
  {
    kind: 'google-cloud',
    name: 'Google Cloud',
    instead:
      'use `google-github-actions/auth` with `workload_identity_provider:` and `permissions: { id-token: write }`, and bind the pool to this repository and environment',
  },
  {
    kind: 'azure',
    name: 'Azure',
    instead:
      'use `azure/login` with `client-id:`, `tenant-id:` and `permissions: { id-token: write }`, and a federated credential for this repository and environment',
  },
  {
    kind: 'kubernetes',
    name: 'a Kubernetes cluster',
    instead:
      'let the cluster accept the identity token of the run (structured authentication), or have a credential of minutes issued for it',
  },
  {
    kind: 'vault',
    name: 'Vault',
    instead: 'use `hashicorp/vault-action` with `method: jwt` and a role that is bound to this repository',
  },
];

/** The cloud whose key a place holds; other stored values are the business of other rules. */
export function findCloud(holder: string, secret: string, action: string | undefined): Cloud | undefined {
  const found = credentialKindOf(holder, secret, action);
  return found === undefined ? undefined : clouds.find(({ kind }) => kind === found.id);
}
