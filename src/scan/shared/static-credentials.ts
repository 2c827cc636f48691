/** What a stored value opens, as far as the names around it tell. */
export type CredentialKindId =
  | 'aws'
  | 'google-cloud'
  | 'azure'
  | 'vault'
  | 'kubernetes'
  | 'pypi'
  | 'npm'
  | 'cargo'
  | 'rubygems'
  | 'nuget'
  | 'container-registry'
  | 'github'
  | 'gitlab'
  | 'language-model'
  | 'terraform-cloud'
  | 'database'
  | 'service';

export interface CredentialKind {
  readonly id: CredentialKindId;
  /** For a reader. */
  readonly name: string;
  /** Names of variables, inputs and secrets that hold the secret half; lower case, with `_`. */
  readonly holders: RegExp;
  /** Inputs of actions that hold one under an ordinary name, by repository. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
}

/** From the most to the least that is at stake; the first that fits is taken. */
export const credentialKinds: readonly CredentialKind[] = [
  {
    id: 'aws',
    name: 'AWS',
    holders: /(?:^|_)aws_?(?:\w{0,40}_)?secret_?(?:access_?)?key(?:_|$)/,
    inputs: { 'aws-actions/configure-aws-credentials': ['aws-secret-access-key'] },
  },
  {
    id: 'google-cloud',
    name: 'Google Cloud',
    holders:
      /(?:^|_)(?:gcp|gcloud|google|gke|gcr|gar)_(?:\w{0,40}_)?(?:sa_key|sa_json|service_account_(?:key|json)|service_key|credentials(?:_json)?|json_key)(?:_|$)|^google_application_credentials|^credentials_json$/,
    inputs: {
      'google-github-actions/auth': ['credentials_json'],
      'google-github-actions/setup-gcloud': ['service_account_key'],
    },
  },
  {
    id: 'azure',
    name: 'Azure',
    holders:
      /^(?:arm|azure|az)_(?:\w{0,40}_)?(?:client_secret|credentials|creds|sp_password|sp_secret)(?:_|$)|(?:^|_)publish_?profile(?:_|$)/,
    inputs: { 'azure/login': ['creds'], 'azure/webapps-deploy': ['publish-profile'] },
  },
  {
    id: 'vault',
    name: 'Vault',
    holders: /^vault_(?:root_)?token$|^vault_secret_?id$/,
    inputs: { 'hashicorp/vault-action': ['token', 'secretid'] },
  },
  {
    id: 'kubernetes',
    name: 'a Kubernetes cluster',
    holders: /(?:^|_)kube_?config(?:_|$)/,
    inputs: { 'azure/k8s-set-context': ['kubeconfig'] },
  },
  {
    id: 'npm',
    name: 'npm',
    holders: /^(?:node_auth_token|npm_(?:auth_|config_|publish_)?token|yarn_npm_auth_token)$/,
    inputs: { 'js-devtools/npm-publish': ['token'] },
  },
  {
    id: 'pypi',
    name: 'PyPI',
    holders:
      /^(?:(?:test_?)?pypi_(?:api_)?(?:token|password)|twine_password|uv_publish_(?:token|password)|poetry_pypi_token_pypi|pdm_publish_password|flit_password|hatch_index_auth)$/,
    inputs: { 'pypa/gh-action-pypi-publish': ['password'] },
  },
  {
    id: 'cargo',
    name: 'crates.io',
    holders: /^(?:cargo_registry_token|cargo_token|crates_(?:io_)?(?:api_)?token)$/,
    inputs: { 'katyo/publish-crates': ['registry-token'] },
  },
  {
    id: 'rubygems',
    name: 'RubyGems',
    holders: /^(?:gem_host_api_key|rubygems_(?:api_key|auth_token|token))$/,
    inputs: {
      'dawidd6/action-publish-gem': ['api_key'],
      'rubygems/configure-rubygems-credentials': ['api-token'],
    },
  },
  { id: 'nuget', name: 'NuGet', holders: /^nuget_(?:api_|auth_)?(?:key|token)$/, inputs: {} },
  {
    id: 'container-registry',
    name: 'a container registry',
    holders:
      /^(?:docker(?:_?hub)?|registry|container_registry|acr|ecr|ghcr|quay|harbor)_(?:\w{0,20}_)?(?:password|passwd|token|pat|pwd)$/,
    inputs: { 'docker/login-action': ['password'] },
  },
  {
    id: 'github',
    name: 'GitHub',
    holders:
      /^(?:gh|github|\w{0,30}_gh|\w{0,30}_github)_(?:pat|(?:access|personal|personal_access|release|bot|deploy|admin)_token|deploy_key|app_private_key)$|^(?:pat|gh_token|personal_access_token|ssh_deploy_key|deploy_key)$/,
    inputs: {
      'actions/create-github-app-token': ['private-key'],
      'webfactory/ssh-agent': ['ssh-private-key'],
    },
  },
  {
    id: 'gitlab',
    name: 'GitLab',
    holders: /^(?:gitlab|gl)_(?:\w{0,20}_)?(?:token|pat|deploy_password)$/,
    inputs: {},
  },
  {
    id: 'language-model',
    name: 'a language model',
    holders:
      /^(?:\w{0,20}_)?(?:openai|anthropic|claude|gemini|google_ai|mistral|cohere|groq|openrouter|deepseek|xai|perplexity|huggingface|hf|replicate)_(?:code_)?(?:(?:api_|auth_|oauth_)?(?:key|token))$/,
    inputs: {
      'anthropics/claude-code-action': ['anthropic_api_key', 'claude_code_oauth_token'],
      'openai/codex-action': ['openai-api-key'],
      'google-github-actions/run-gemini-cli': ['gemini_api_key'],
    },
  },
  {
    id: 'terraform-cloud',
    name: 'HCP Terraform',
    holders: /^(?:tf_api_token|tfe_token|tf_token_\w{1,60}|terraform_cloud_token|tfc_token)$/,
    inputs: { 'hashicorp/setup-terraform': ['cli_config_credentials_token'] },
  },
  {
    id: 'database',
    name: 'a database',
    holders:
      /^(?:\w{0,30}_)?(?:database|db|postgres|postgresql|pg|mysql|mongo|mongodb|redis)_?(?:url|uri|password|pass|dsn|connection_string)$|^pgpassword$/,
    inputs: {},
  },
  {
    id: 'service',
    name: 'a service',
    holders:
      /^(?:snyk|sonar|sonarcloud|codecov|semgrep_app|sentry_auth|datadog|dd|cloudflare|cf|digitalocean|heroku|netlify|vercel|fly|pulumi_access|slack_bot|grafana|new_relic)_(?:\w{0,20}_)?(?:token|api_key|api_token|key)$/,
    inputs: {},
  },
];

/** Stores with an interface like that of AWS, which have no identity federation. */
const OTHER_STORES = /r2|minio|spaces|wasabi|backblaze|b2_|hetzner|scaleway|sccache|do_space/;
/** Bounds what the patterns look at; nobody gives a variable a longer name. */
const NAME_CHARS_MAX = 120;

const plainName = (name: string): string => name.slice(0, NAME_CHARS_MAX).toLowerCase().replaceAll('-', '_');

/**
 * What kind of credential a place holds: by the name of the variable or input, the name of the stored value, and the
 * action that takes it (`owner/name`, in lower case).
 */
export function credentialKindOf(
  holder: string,
  secret: string,
  action?: string,
): CredentialKind | undefined {
  const names = [holder, secret].map(plainName);
  if (names.some((name) => OTHER_STORES.test(name))) return undefined;
  const input = holder.toLowerCase();
  const byInput = credentialKinds.find(
    ({ inputs }) =>
      action !== undefined && Object.hasOwn(inputs, action) && inputs[action]?.includes(input) === true,
  );
  // A registry's password can be the key of a cloud, which its own name says.
  if (byInput !== undefined && byInput.id !== 'container-registry') return byInput;
  return credentialKinds.find(({ holders }) => names.some((name) => holders.test(name))) ?? byInput;
}

/** The half that says who one is, and goes away together with the secret half. */
const COMPANIONS: Readonly<Partial<Record<CredentialKindId, RegExp>>> = {
  aws: /(?:^|_)aws_?(?:\w{0,40}_)?(?:access_?key_?id|session_?token)(?:_|$)/,
  vault: /^vault_role_?id$/,
  pypi: /^(?:twine_username|uv_publish_username|flit_username|pdm_publish_username)$/,
};

/** Registries whose passwords are keys of a cloud: ECR, Artifact Registry, ACR. */
const CLOUD_REGISTRIES: readonly (readonly [CredentialKindId, RegExp])[] = [
  ['aws', /\.dkr\.ecr[.-][\w.-]{0,60}amazonaws\.com|^public\.ecr\.aws/],
  ['google-cloud', /\.pkg\.dev(?:\/|$)|(?:^|\.)gcr\.io(?:\/|$)/],
  ['azure', /\.azurecr\.(?:io|cn|us)(?:\/|$)/],
];

/** The cloud that a registry belongs to, by its address. */
export function cloudOfRegistry(address: string): CredentialKind | undefined {
  const plain = address.slice(0, NAME_CHARS_MAX).toLowerCase();
  const found = CLOUD_REGISTRIES.find(([, pattern]) => pattern.test(plain))?.[0];
  return credentialKinds.find(({ id }) => id === found);
}

export function isCompanion(kind: CredentialKindId, name: string): boolean {
  return COMPANIONS[kind]?.test(plainName(name)) === true;
}
