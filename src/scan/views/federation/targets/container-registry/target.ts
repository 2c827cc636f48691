import type { ActionUse, Step } from '#pipeline/model.ts';
import type { Migration } from '../../patch/migration.ts';
import type { StoredCredential } from '../../recognise/stored-use.ts';
import type { Target, Trust, TrustRequest } from '../target.ts';

function loginOf(step: Step | undefined): ActionUse | undefined {
  const work = step?.work;
  return work?.kind === 'action' && work.reference.repository === 'docker/login-action' ? work : undefined;
}

function addressOf(use: ActionUse): string {
  return use.inputs.find(({ name }) => name === 'registry')?.value?.value ?? 'docker.io';
}

/** The registry of the platform takes the token of the job. */
const toPackages: Migration = {
  inputs: {
    'docker/login-action': {
      remove: ['username', 'password'],
      add: [
        ['username', '${{ github.actor }}'],
        ['password', '${{ secrets.GITHUB_TOKEN }}'],
      ],
    },
  },
  variables: [],
  exports: false,
  scope: { name: 'packages', access: 'write' },
};

export function registryOf({ uses }: StoredCredential): string | undefined {
  const login = uses.map(({ step }) => loginOf(step)).find((each) => each !== undefined);
  return login === undefined ? undefined : addressOf(login);
}

/** Registries by the way in which they can do without a password. */
function migrate(credential: StoredCredential): Migration | undefined {
  const address = registryOf(credential) ?? '';
  if (address === 'ghcr.io') return toPackages;
  return undefined;
}

const HINTS = `| registry | instead of a password |
|---|---|
| ghcr.io | the token of the job, with \`packages: write\` |
| Amazon ECR | \`aws-actions/configure-aws-credentials\` with a role, then \`aws-actions/amazon-ecr-login\` |
| Google Artifact Registry | \`google-github-actions/auth\` with \`token_format: access_token\`, user \`oauth2accesstoken\` |
| Azure Container Registry | \`azure/login\` without a secret, then \`az acr login\` |
| Docker Hub, Quay, Harbor | a robot account that may push to this repository only, brokered by Vouchgate |
`;

const trust = (_request: TrustRequest): Trust => ({ terraform: undefined, steps: HINTS });

export const target: Target = { migrate, trust, environment: 'release' };
