const LOOK = '`vouchgate inspect federation` says for each pipeline what to set up, and writes the patch.';

/** How to live without a kind of secret. What federates comes first; what does not is at least handed out run by run. */
export const instead = {
  aws: `Let AWS trust the identity of the run: a role whose trust policy names this repository, or a resource of Vouchgate that opens a session for each run. ${LOOK}`,
  azure: `Let Microsoft Entra trust the identity of the run: a federated credential on the application, without a secret. ${LOOK}`,
  google: `Let Google Cloud trust the identity of the run: a workload identity pool in place of the key. ${LOOK}`,
  kubernetes: `Let the cluster trust the identity token of the run, or reach it through its cloud's federation. ${LOOK}`,
  vault: `Let Vault trust the identity token of the run (its JWT auth method), which answers with a token of minutes. ${LOOK}`,
  container: `Sign in to the registry with the identity of the run, as the large ones allow, or with the platform's own token. ${LOOK}`,
  packages: `Publish with the identity of the run (trusted publishing): the index checks it and there is no token to keep. ${LOOK}`,
  github:
    'In a run of GitHub use GITHUB_TOKEN with the permissions of the job; for other repositories have an app issue a token for each run. `vouchgate inspect permissions` says which permissions a job needs.',
  gitlab:
    'In a job of GitLab use CI_JOB_TOKEN, or an identity token (`id_tokens`) that Vouchgate exchanges for what the job may reach.',
  database:
    'Have an account made for each run: a `postgres` resource of Vouchgate does that and drops it after. Databases in a cloud take the cloud identity of the run.',
  platform:
    'Let the job vouch for itself with the identity token that its platform signs, and have Vouchgate hand out what it needs for the time of the run.',
  ssh: 'Have a certificate authority (Vault, or that of your cloud) sign a short-lived certificate for the identity of each run.',
  signing:
    'Sign with the identity of the run (Sigstore), or with a key that stays inside a key management service and is used, never read.',
  sealed:
    'This service trusts nothing but the secret itself: keep it as a `sealed-secret` resource in Vouchgate, which hands it only to runs that a policy lets through, and records each time.',
  cloudOfOwn: `Where the service accepts identity tokens (OpenID Connect), let it trust the run; else keep it as a \`sealed-secret\` resource in Vouchgate. ${LOOK}`,
} as const;

/** For services that accept the identity token of a run. */
export function federates(service: string): string {
  return `${service} accepts the identity token of a run (OpenID Connect): let it trust this repository, or have an \`oidc-token\` resource of Vouchgate vouch for it. There is nothing left to leak.`;
}
