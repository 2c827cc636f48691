import { isGitlabPipeline, type GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Pipeline, Step, Variable } from '#pipeline/model.ts';
import { credentialKindOf } from '../../../shared/static-credentials.ts';
import type { StoredCredential, StoredUse } from './stored-use.ts';

const VARIABLE = /\$(?:([A-Za-z_]\w{0,99})|\{([A-Za-z_]\w{0,99})\})/g;
/** GitLab gives these to jobs by itself, and they end with them. */
const GIVEN = /^(?:CI_|GITLAB_|KUBECONFIG$)/;
const SCRIPT_CHARS_MAX = 200_000;
/** What was made for this run a moment ago is not stored. */
const ISSUED = /\b(?:assume-role|vouchgate\s+(?:run|credential)|vault\s+write)\b|--federated-token\b/;

function usesInScript(step: Step, own: ReadonlySet<string>): StoredUse[] {
  const { work } = step;
  if (work.kind !== 'script') return [];
  const { text } = work;
  if (ISSUED.test(text.value.slice(0, SCRIPT_CHARS_MAX))) return [];
  return [...text.value.slice(0, SCRIPT_CHARS_MAX).matchAll(VARIABLE)].flatMap((match): StoredUse[] => {
    const name = match[1] ?? match[2] ?? '';
    const kind = GIVEN.test(name) || own.has(name) ? undefined : credentialKindOf('', name);
    if (kind === undefined) return [];
    const span = text.span(match.index, match.index + match[0].length);
    return [
      {
        kind,
        secret: name,
        holder: '',
        place: 'script',
        step,
        variable: undefined,
        span,
        source: text.source,
      },
    ];
  });
}

/** `AWS_SECRET_ACCESS_KEY: $PRODUCTION_KEY`. */
function usesInVariables(variables: readonly Variable[]): StoredUse[] {
  return variables.flatMap((variable): StoredUse[] => {
    const { name, value } = variable;
    const [, secret] = /^\$\{?(\w{1,100})\}?$/.exec(value?.value ?? '') ?? [];
    const kind = secret === undefined || GIVEN.test(secret) ? undefined : credentialKindOf(name, secret);
    if (kind === undefined || value === undefined || secret === undefined) return [];
    return [
      {
        kind,
        secret,
        holder: name,
        place: 'job-variable',
        step: undefined,
        variable,
        span: value.node,
        source: value.source,
      },
    ];
  });
}

/** What the job makes itself, or has from a vault, is not stored. */
function ownNames(job: GitlabJob): ReadonlySet<string> {
  const set = job.steps.flatMap(({ work }) =>
    work.kind === 'script'
      ? [...work.text.value.slice(0, SCRIPT_CHARS_MAX).matchAll(/\b(\w{1,100})=["']?\$\(/g)].map(
          ([, name]) => name ?? '',
        )
      : [],
  );
  return new Set([
    ...set,
    ...job.secrets.map(({ name }) => name),
    ...job.identityTokens.map(({ name }) => name),
  ]);
}

/** Stored credentials of one file of GitLab, by job and kind. */
export function findInGitlab(pipeline: Pipeline): StoredCredential[] {
  if (!isGitlabPipeline(pipeline)) return [];
  return pipeline.jobs.flatMap((job) => {
    const own = ownNames(job);
    const inVariables = usesInVariables(job.env);
    const set = new Set([...own, ...inVariables.map(({ holder }) => holder)]);
    const uses = [...inVariables, ...job.steps.flatMap((step) => usesInScript(step, set))];
    return [...Map.groupBy(uses, ({ kind }) => kind)].flatMap(([kind, [first, ...others]]) =>
      first === undefined
        ? []
        : [{ platform: 'gitlab' as const, kind, job, uses: [first, ...others] as const }],
    );
  });
}
