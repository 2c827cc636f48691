import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { CredentialUse } from '#pipeline/surface.ts';
import type { Text } from '#pipeline/text.ts';

const TEXT_CHARACTERS_MAX = 200_000;
const VARIABLE = /\$(?:\{([A-Za-z_]\w{0,99})|([A-Za-z_]\w{0,99}))/g;
/** Words that the names of variables with something secret in them have. */
const SECRET =
  /TOKEN|PASSWORD|PASSWD|PASS$|SECRET|CREDENTIAL|PRIVATE|KUBECONFIG|KUBE_CONFIG|API_?KEY|ACCESS_KEY|SSH_KEY|(?:^|_)KEY$|DSN$|KEYSTORE|GPG/i;
/** GitLab's own, and what merely names where something lies. */
const OWN = /^(?:CI|GITLAB_CI)_|_(?:FILE|PATH|DIR|URL|NAME|ID|USER|USERNAME)$/i;

interface Found {
  readonly name: string;
  readonly text: Text;
  readonly start: number;
  readonly end: number;
}

function findVariables(text: Text): Found[] {
  const value = text.value.slice(0, TEXT_CHARACTERS_MAX);
  return [...value.matchAll(VARIABLE)].flatMap(({ 0: whole, 1: braced, 2: bare, index }) => {
    const name = braced ?? bare ?? '';
    const start = index;
    return SECRET.test(name) && !OWN.test(name) ? [{ name, text, start, end: start + whole.length }] : [];
  });
}

/**
 * Variables of the project or its group that a job reads, as far as names tell: GitLab's files do not say which
 * variables are secret. What the file itself gives a value is none.
 */
function variablesOf(job: GitlabJob): CredentialUse[] {
  const scripts = job.steps.flatMap(({ work }) => (work.kind === 'script' ? [work.text] : []));
  const values = job.env.flatMap(({ value }) => value ?? []);
  const own = new Set(job.env.map(({ name }) => name));
  const found = new Map<string, Found>();
  for (const each of [...scripts, ...values].flatMap(findVariables)) {
    if (!found.has(each.name) && !own.has(each.name)) found.set(each.name, each);
  }
  return [...found.values()].map(({ name, text, start, end }) => ({
    kind: 'secret',
    name,
    scope: 'job',
    source: text.source,
    span: text.span(start, end),
  }));
}

/** What a job of GitLab holds. */
export const gitlabCredentials = memoize((job: GitlabJob): readonly CredentialUse[] => {
  const tokens = job.identityTokens.map(({ audiences, source, span }): CredentialUse => {
    const audience = audiences[0]?.value.slice(0, 100) ?? 'any audience';
    return { kind: 'identity-token', name: `identity token for ${audience}`, scope: 'job', source, span };
  });
  const vaults = job.secrets.map(({ name, source, span }): CredentialUse => {
    return { kind: 'secret', name, scope: 'job', source, span };
  });
  return [...tokens, ...vaults, ...variablesOf(job)];
});
