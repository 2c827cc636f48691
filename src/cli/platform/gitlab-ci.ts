import { Secret } from '#core/secret.ts';
import { assertToken, PlatformError, type Environment, type TokenSource } from './platform.ts';

export const ID_TOKEN_VARIABLE = 'VOUCHGATE_ID_TOKEN';

export function isGitLabCi(env: Environment): boolean {
  return env['GITLAB_CI'] === 'true';
}

/** The one token that GitLab made before the job started; it cannot be made again in the job. */
export function createGitLabCiSource(env: Environment): TokenSource {
  return {
    id: 'gitlab-ci',
    canMintAgain: false,
    variables: [ID_TOKEN_VARIABLE],
    async token(audience) {
      const token = env[ID_TOKEN_VARIABLE];
      if (token !== undefined && token !== '') {
        return new Secret(assertToken(token, ID_TOKEN_VARIABLE));
      }
      throw new PlatformError('token_source_missing', `this job has no ${ID_TOKEN_VARIABLE}`, {
        remedy: `Add to the job: "id_tokens: { ${ID_TOKEN_VARIABLE}: { aud: ${audience} } }".`,
      });
    },
  };
}
