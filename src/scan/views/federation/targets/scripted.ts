import type { CredentialKindId } from '../../../shared/static-credentials.ts';
import type { InputChange } from '../patch/migration.ts';
import { gitlabMigrations } from './gitlab.ts';

/** How one kind of stored credential leaves a job whose scripts log in by themselves. */
export interface ScriptedMigration {
  /** Shell lines that come before the first that needs the credential. */
  readonly before: readonly string[];
  /** Lines that did nothing but log in with the stored value. */
  readonly loginLine: RegExp;
  /** By command of an orb, or by pipe. */
  readonly inputs: Readonly<Record<string, InputChange>>;
}

/** Sets a variable for what comes later. The value may be a command in `$(…)`. */
type Persist = (name: string, value: string) => string;

const LOGIN = 'gcloud iam workload-identity-pools create-cred-config "$GCP_WORKLOAD_IDENTITY_PROVIDER"';
const ACCOUNT = '--service-account "$GCP_SERVICE_ACCOUNT" --credential-source-file /tmp/gcp-id-token';

type MakeLines = (token: string, persist: Persist) => readonly string[];

const LINES: Readonly<Partial<Record<CredentialKindId, MakeLines>>> = {
  // The role is the variable AWS_ROLE_ARN of the project.
  aws: (token, persist) => [
    `(umask 077; printf %s "$${token}" > /tmp/aws-id-token)`,
    persist('AWS_WEB_IDENTITY_TOKEN_FILE', '/tmp/aws-id-token'),
  ],
  'google-cloud': (token, persist) => [
    `(umask 077; printf %s "$${token}" > /tmp/gcp-id-token)`,
    `${LOGIN} ${ACCOUNT} --output-file /tmp/gcp-credentials.json`,
    'gcloud auth login --cred-file /tmp/gcp-credentials.json',
    persist('GOOGLE_APPLICATION_CREDENTIALS', '/tmp/gcp-credentials.json'),
  ],
  vault: (token, persist) => [
    persist('VAULT_TOKEN', `$(vault write -field=token auth/jwt/login role="$VAULT_ROLE" jwt="$${token}")`),
  ],
};

/** `export NAME=…` into a file that each later shell reads. */
const FOR_LATER_SHELLS =
  /^\s*echo\s+["']?export\s+AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)=\\?["']?\$\{?\w{1,100}\}?\\?["']{0,2}\s*>>\s*["']?\$\{?BASH_ENV\}?["']?\s*$/;

function loginLineOf(kind: CredentialKindId): RegExp | undefined {
  const known = gitlabMigrations[kind]?.loginLine;
  if (known === undefined || kind !== 'aws') return known;
  return new RegExp(`${known.source}|${FOR_LATER_SHELLS.source}`);
}

function migrationFor(
  kind: CredentialKindId,
  token: string,
  persist: Persist,
  inputs: ScriptedMigration['inputs'],
): ScriptedMigration | undefined {
  const before = LINES[kind]?.(token, persist);
  const loginLine = loginLineOf(kind);
  return before === undefined || loginLine === undefined ? undefined : { before, loginLine, inputs };
}

const ORBS: Readonly<Partial<Record<CredentialKindId, ScriptedMigration['inputs']>>> = {
  aws: {
    'aws-cli/setup': {
      remove: ['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'],
      add: [['role_arn', '$AWS_ROLE_ARN']],
    },
  },
  'google-cloud': {
    // Its other parameters name variables, by defaults of their own.
    'gcp-cli/setup': { remove: ['gcloud_service_key'], add: [['use_oidc', 'true']] },
  },
};

const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** Jobs of CircleCI: every `run` is a shell of its own, which reads `$BASH_ENV`. */
export function circleciMigration(kind: CredentialKindId): ScriptedMigration | undefined {
  const persist: Persist = (name, value) =>
    value.startsWith('$(')
      ? // Inside of `$(…)` quotes begin anew.
        `echo "export ${name}=${value}" >> "$BASH_ENV"`
      : `echo 'export ${name}=${value}' >> "$BASH_ENV"`;
  return migrationFor(kind, 'CIRCLE_OIDC_TOKEN_V2', persist, ORBS[kind] ?? {});
}

/** Steps of Bitbucket: the lines of a step share one shell. */
export function bitbucketMigration(kind: CredentialKindId): ScriptedMigration | undefined {
  const persist: Persist = (name, value) => `export ${name}=${value}`;
  return migrationFor(kind, 'BITBUCKET_STEP_OIDC_TOKEN', persist, {});
}

/** Pipes of the platform's own for AWS take a role in the place of a key. */
export function pipeChange(kind: CredentialKindId, pipe: string): InputChange | undefined {
  if (kind !== 'aws' || !pipe.startsWith('atlassian/aws-')) return undefined;
  return { remove: KEYS, add: [['AWS_OIDC_ROLE_ARN', '$AWS_ROLE_ARN']] };
}
