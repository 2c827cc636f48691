import type { CredentialKindId } from '../../../shared/static-credentials.ts';

/** How one kind of stored credential leaves a job of GitLab. */
export interface GitlabMigration {
  /** Name and audience of the identity token. */
  readonly token: string;
  readonly audience: string;
  /** Lines that come before the first that needs the credential. */
  readonly before: readonly string[];
  /** Lines that did nothing but log in with the stored value. */
  readonly loginLine: RegExp;
}

export const gitlabMigrations: Readonly<Partial<Record<CredentialKindId, GitlabMigration>>> = {
  aws: {
    token: 'AWS_ID_TOKEN',
    audience: 'sts.amazonaws.com',
    // The role is the variable AWS_ROLE_ARN of the project.
    before: [
      '(umask 077; printf %s "$AWS_ID_TOKEN" > /tmp/aws-id-token)',
      'export AWS_WEB_IDENTITY_TOKEN_FILE=/tmp/aws-id-token',
    ],
    loginLine:
      /^\s*(?:aws\s+configure\s+set\s+(?:default\.)?aws_(?:access_key_id|secret_access_key)\s|export\s+AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY)=["']?\$\{?\w{1,100}\}?["']?\s*$)/,
  },
  'google-cloud': {
    token: 'GCP_ID_TOKEN',
    audience: 'https://iam.googleapis.com/$GCP_WORKLOAD_IDENTITY_PROVIDER',
    before: [
      '(umask 077; printf %s "$GCP_ID_TOKEN" > /tmp/gcp-id-token)',
      'gcloud iam workload-identity-pools create-cred-config "$GCP_WORKLOAD_IDENTITY_PROVIDER" --service-account "$GCP_SERVICE_ACCOUNT" --credential-source-file /tmp/gcp-id-token --output-file /tmp/gcp-credentials.json',
      'gcloud auth login --cred-file /tmp/gcp-credentials.json',
    ],
    loginLine:
      /^\s*(?:gcloud\s+auth\s+activate-service-account\b|export\s+GOOGLE_APPLICATION_CREDENTIALS=|(?:echo|printf)\s[^|>;&]{0,300}(?:\|\s*base64\s+(?:-d|-D|--decode)\s*)?>\s*\S{1,200}\s*$)/,
  },
  azure: {
    token: 'AZURE_ID_TOKEN',
    audience: 'api://AzureADTokenExchange',
    before: [
      'az login --service-principal -u "$AZURE_CLIENT_ID" -t "$AZURE_TENANT_ID" --federated-token "$AZURE_ID_TOKEN"',
    ],
    loginLine: /^\s*az\s+login\b.{0,300}--service-principal\b/,
  },
  vault: {
    token: 'VAULT_ID_TOKEN',
    audience: '$VAULT_ADDR',
    before: [
      'export VAULT_TOKEN=$(vault write -field=token auth/jwt/login role="$VAULT_ROLE" jwt="$VAULT_ID_TOKEN")',
    ],
    loginLine: /^\s*(?:vault\s+login\s|export\s+VAULT_TOKEN=)/,
  },
};

const WRITES = /^\s*(?:echo|printf)\b/;

/** A line that only logs in. One that writes a file counts when it writes one of the stored values. */
export function isLogin(line: string, loginLine: RegExp, secrets: readonly string[]): boolean {
  if (!loginLine.test(line)) return false;
  return !WRITES.test(line) || secrets.some((name) => name !== '' && line.includes(name));
}
