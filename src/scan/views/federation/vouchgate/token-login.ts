import type { Step } from '#pipeline/model.ts';
import type { Migration } from '../patch/migration.ts';
import type { NewScript } from '../patch/step-edits.ts';
import type { StoredCredential, StoredUse } from '../recognise/stored-use.ts';

/** How a job logs in with a token that Vouchgate signs, in the place of a stored value. */
export interface TokenLogin {
  audience(resource: string): string;
  /** Behind the step that gets the token, which `output` names. */
  script?(output: string): NewScript;
  /** The variable that the token is set under; empty where the script alone has it. */
  readonly variable: string;
  readonly migration: Pick<Migration, 'inputs' | 'replaces' | 'variables'>;
}

const vars = (...names: readonly string[]): [string, string][] =>
  names.map((name) => [name, `\${{ vars.${name} }}`]);

const google: TokenLogin = {
  audience: (resource) => resource,
  script: (output) => ({
    name: 'Log in to Google Cloud',
    env: [
      ['GCP_ID_TOKEN', `\${{ ${output} }}`],
      ...vars('GCP_WORKLOAD_IDENTITY_PROVIDER', 'GCP_SERVICE_ACCOUNT'),
    ],
    lines: [
      'umask 077',
      'printf %s "$GCP_ID_TOKEN" > "$RUNNER_TEMP/gcp-id-token"',
      'gcloud iam workload-identity-pools create-cred-config "$GCP_WORKLOAD_IDENTITY_PROVIDER" --service-account "$GCP_SERVICE_ACCOUNT" --credential-source-file "$RUNNER_TEMP/gcp-id-token" --output-file "$RUNNER_TEMP/gcp-credentials.json"',
      'gcloud auth login --cred-file "$RUNNER_TEMP/gcp-credentials.json"',
      'echo "GOOGLE_APPLICATION_CREDENTIALS=$RUNNER_TEMP/gcp-credentials.json" >> "$GITHUB_ENV"',
    ],
  }),
  variable: '',
  migration: { inputs: {}, replaces: ['google-github-actions/auth'], variables: [] },
};

const AZURE_AUDIENCE = 'api://AzureADTokenExchange';

const azure: TokenLogin = {
  audience: () => AZURE_AUDIENCE,
  script: (output) => ({
    name: 'Log in to Azure',
    env: [
      ['AZURE_ID_TOKEN', `\${{ ${output} }}`],
      ...vars('AZURE_CLIENT_ID', 'AZURE_TENANT_ID', 'AZURE_SUBSCRIPTION_ID'),
    ],
    lines: [
      'az login --service-principal --username "$AZURE_CLIENT_ID" --tenant "$AZURE_TENANT_ID" --federated-token "$AZURE_ID_TOKEN"',
      'az account set --subscription "$AZURE_SUBSCRIPTION_ID"',
    ],
  }),
  variable: '',
  migration: { inputs: {}, replaces: ['azure/login'], variables: [] },
};

/** The provider of Terraform takes the token from its environment. */
const azureProvider: TokenLogin = {
  audience: () => AZURE_AUDIENCE,
  variable: 'ARM_OIDC_TOKEN',
  migration: { inputs: {}, variables: [['ARM_USE_OIDC', "'true'"]] },
};

const vault: TokenLogin = {
  audience: () => 'vault',
  script: (output) => ({
    name: 'Log in to Vault',
    id: 'vault-login',
    env: [['VAULT_ID_TOKEN', `\${{ ${output} }}`], ...vars('VAULT_ADDR', 'VAULT_ROLE')],
    lines: [
      'token=$(jq -n --arg role "$VAULT_ROLE" --arg jwt "$VAULT_ID_TOKEN" \'{role: $role, jwt: $jwt}\' | curl -sSf --data @- "$VAULT_ADDR/v1/auth/jwt/login" | jq -re .auth.client_token)',
      'echo "::add-mask::$token"',
      'echo "token=$token" >> "$GITHUB_OUTPUT"',
    ],
  }),
  variable: '',
  migration: {
    inputs: {
      'hashicorp/vault-action': {
        remove: ['token'],
        add: [['token', '${{ steps.vault-login.outputs.token }}']],
        login: true,
      },
    },
    variables: [],
  },
};

/** A step that nothing else speaks of: then another one can stand in its place. */
function isAlone({ id, guard, env, job }: Step): boolean {
  if (guard !== undefined || env.length > 0) return false;
  return id === undefined || !job.pipeline.source.text.includes(`steps.${id}`);
}

function isInputOf({ place, step, holder }: StoredUse, action: string, input: string): boolean {
  return (
    place === 'input' &&
    holder.toLowerCase() === input &&
    step?.work.kind === 'action' &&
    step.work.reference.repository === action
  );
}

/** Only where one step logs in, or one variable is all there is; everything else stays a sealed value. */
export function tokenLoginOf({ platform, kind, uses }: StoredCredential): TokenLogin | undefined {
  if (platform !== 'github') return undefined;
  const [{ step }] = uses;
  const isOne = uses.length === 1 && step !== undefined;
  const [use] = uses;
  if (kind.id === 'google-cloud')
    return isOne && isAlone(step) && isInputOf(use, 'google-github-actions/auth', 'credentials_json')
      ? google
      : undefined;
  if (kind.id === 'vault')
    return isOne && isInputOf(use, 'hashicorp/vault-action', 'token') ? vault : undefined;
  if (kind.id !== 'azure') return undefined;
  if (isOne && isAlone(step) && isInputOf(use, 'azure/login', 'creds')) return azure;
  const isProvider = uses.every(
    ({ place, holder }) => holder === 'ARM_CLIENT_SECRET' && place.endsWith('-variable'),
  );
  return isProvider ? azureProvider : undefined;
}
