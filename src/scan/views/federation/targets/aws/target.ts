import type { Variable } from '#pipeline/model.ts';
import { IDENTITY_TOKEN, type Migration } from '../../patch/migration.ts';
import type { StoredCredential } from '../../recognise/stored-use.ts';
import { knownActions } from '../known-steps.ts';
import type { Target } from '../target.ts';
import { awsTrust } from './trust.ts';

const KEY_INPUTS = ['aws-access-key-id', 'aws-secret-access-key', 'aws-session-token'];
const ROLE: readonly (readonly [string, string])[] = [['role-to-assume', '${{ vars.AWS_ROLE_ARN }}']];

/** The region that the job had with its key. */
export function regionOf({ job, uses }: StoredCredential): string {
  const near: readonly Variable[] = [
    ...uses.flatMap(({ step }) => step?.env ?? []),
    ...job.env,
    ...job.pipeline.env,
  ];
  const named = near.find(({ name }) => /^AWS_(?:DEFAULT_)?REGION$/.test(name))?.value?.value;
  return named !== undefined && /^[a-z0-9-]{4,30}$/.test(named) ? named : '${{ vars.AWS_REGION }}';
}

function migrate(credential: StoredCredential): Migration {
  return {
    inputs: {
      'aws-actions/configure-aws-credentials': { remove: KEY_INPUTS, add: ROLE },
      // It asks ECR for a password by itself, with the session that it finds.
      'docker/login-action': { remove: ['username', 'password'], add: [], login: true },
    },
    login: {
      uses: knownActions.aws,
      with: [...ROLE, ['aws-region', regionOf(credential)]],
    },
    variables: [],
    exports: true,
    exportedNames: /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/,
    loginLine:
      /^\s*aws\s+configure\s+set\s+(?:default\.|profile\.default\.)?aws_(?:access_key_id|secret_access_key)\s/,
    scope: IDENTITY_TOKEN,
  };
}

export const target: Target = { migrate, trust: awsTrust, environment: 'production' };
