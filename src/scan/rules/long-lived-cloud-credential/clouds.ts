export interface Cloud {
  readonly name: string;
  /** Names of secrets, variables and inputs that hold the secret half of a key. */
  readonly holders: RegExp;
  /** Inputs of actions, by repository, that hold one under an ordinary name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What to write instead. */
  readonly instead: string;
}

const clouds: readonly Cloud[] = [
  {
    name: 'AWS',
    holders: /(?:^|_)aws_?(?:\w{0,40}_)?secret_?(?:access_?)?key(?:_|$)/,
    inputs: {},
    instead:
      'use `aws-actions/configure-aws-credentials` with `role-to-assume:` and `permissions: { id-token: write }`, and let the role trust this repository and environment only',
  },
  {
    name: 'Google Cloud',
    holders:
      /(?:^|_)(?:gcp|gcloud|google|gke|gcr)_(?:\w{0,40}_)?(?:sa_key|sa_json|service_account_(?:key|json)|service_key|credentials(?:_json)?|json_key)(?:_|$)|^google_application_credentials|^credentials_json$/,
    inputs: { 'google-github-actions/setup-gcloud': 'service_account_key' },
    instead:
      'use `google-github-actions/auth` with `workload_identity_provider:` and `permissions: { id-token: write }`, and bind the pool to this repository and environment',
  },
  {
    name: 'Azure',
    holders:
      /^(?:arm|azure|az)_(?:\w{0,40}_)?(?:client_secret|credentials|sp_password|sp_secret)(?:_|$)|(?:^|_)publish_?profile(?:_|$)/,
    inputs: { 'azure/login': 'creds', 'azure/webapps-deploy': 'publish-profile' },
    instead:
      'use `azure/login` with `client-id:`, `tenant-id:` and `permissions: { id-token: write }`, and a federated credential for this repository and environment',
  },
  {
    name: 'a Kubernetes cluster',
    holders: /(?:^|_)kube_?config(?:_|$)/,
    inputs: {},
    instead:
      'let the cluster accept the identity token of the run (structured authentication), or have a credential of minutes issued for it',
  },
  {
    name: 'Vault',
    holders: /^vault_(?:root_)?token$|^vault_secret_?id$/,
    inputs: {},
    instead: 'use `hashicorp/vault-action` with `method: jwt` and a role that is bound to this repository',
  },
];

/** Stores with an interface like that of AWS, which have no identity federation. */
const OTHER_STORES = /r2|minio|spaces|wasabi|backblaze|b2_|hetzner|scaleway|sccache|do_space/;

export function findCloud(holder: string, secret: string, action: string | undefined): Cloud | undefined {
  const names = [holder, secret].map((name) => name.toLowerCase().replaceAll('-', '_'));
  if (names.some((name) => OTHER_STORES.test(name))) return undefined;
  return clouds.find(
    ({ holders, inputs }) =>
      names.some((name) => holders.test(name)) ||
      (action !== undefined && Object.hasOwn(inputs, action) && inputs[action] === holder.toLowerCase()),
  );
}
