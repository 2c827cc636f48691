import { IDENTITY_TOKEN, type Migration } from '../../patch/migration.ts';
import { knownActions } from '../known-steps.ts';
import type { Target } from '../target.ts';
import { googleCloudTrust } from './trust.ts';

const ACCOUNT: readonly (readonly [string, string])[] = [
  ['workload_identity_provider', '${{ vars.GCP_WORKLOAD_IDENTITY_PROVIDER }}'],
  ['service_account', '${{ vars.GCP_SERVICE_ACCOUNT }}'],
];

const LOGIN = 'google-cloud';

/** Artifact Registry takes an access token as a password. */
const toRegistry: readonly (readonly [string, string])[] = [
  ['username', 'oauth2accesstoken'],
  ['password', `\${{ steps.${LOGIN}.outputs.access_token }}`],
];

const migration: Migration = {
  inputs: {
    'google-github-actions/auth': { remove: ['credentials_json'], add: ACCOUNT },
    // It took keys itself once; now it takes what the login before it left.
    'google-github-actions/setup-gcloud': { remove: ['service_account_key'], add: [], login: true },
  },
  login: { uses: knownActions.googleCloud, with: ACCOUNT },
  variables: [],
  exports: true,
  // The file that the login writes, whose name is what Google's libraries look for.
  exportedNames: /^GOOGLE_APPLICATION_CREDENTIALS$/,
  loginLine:
    /^\s*(?:gcloud\s+auth\s+activate-service-account\b|export\s+GOOGLE_APPLICATION_CREDENTIALS=|(?:echo|printf)\s[^|>;&]{0,300}(?:\|\s*base64\s+(?:-d|-D|--decode)\s*)?>\s*\S{1,200}\s*$)/,
  scope: IDENTITY_TOKEN,
};

const withRegistry: Migration = {
  ...migration,
  inputs: {
    ...migration.inputs,
    'docker/login-action': { remove: ['username', 'password'], add: toRegistry, login: true },
  },
  login: {
    id: LOGIN,
    uses: knownActions.googleCloud,
    with: [...ACCOUNT, ['token_format', 'access_token']],
  },
};

export const target: Target = {
  migrate: ({ uses }) => (uses.some(({ holder }) => holder === 'password') ? withRegistry : migration),
  trust: googleCloudTrust,
  environment: 'production',
};
