import type { Job, Pipeline, Platform, Step, Variable } from '#pipeline/model.ts';
import { assignedNames } from '#pipeline/secret-variables.ts';
import { type CredentialKind, credentialKindOf } from '../../../shared/static-credentials.ts';
import type { StoredCredential, StoredUse, UsePlace } from './stored-use.ts';
import { findInSurface } from './surface.ts';

const SCRIPT_CHARACTERS_MAX = 200_000;
const USES_MAX = 500;
/** `$NAME`, `${NAME}`, and `$(NAME)` of Azure Pipelines. */
const MENTION = /\$(?:([A-Za-z_]\w{0,99})|\{([A-Za-z_]\w{0,99})\}|\(([A-Za-z_][\w.]{0,99})\))/g;
/** A value of nothing but a name: of a variable that is pasted, or of one that an orb looks into. */
const ONE_NAME = /^\$?[({]?([A-Za-z_]\w{0,99})[)}]?$/;
/** What was made for this run a moment ago is not stored. */
const ISSUED =
  /\b(?:assume-role|vouchgate\s+(?:run|credential)|vault\s+write)\b|--federated-token\b|OIDC_TOKEN|create-cred-config|\bidToken\b/;

interface Found {
  readonly place: UsePlace;
  readonly holder: string;
  readonly step: Step | undefined;
  readonly variable: Variable | undefined;
}

function usesInScript(step: Step, own: ReadonlySet<string>): StoredUse[] {
  const { work } = step;
  if (work.kind !== 'script') return [];
  const { text } = work;
  const script = text.value.slice(0, SCRIPT_CHARACTERS_MAX);
  if (ISSUED.test(script)) return [];
  const assigned = assignedNames(text);
  return [...script.matchAll(MENTION)].slice(0, USES_MAX).flatMap((match): StoredUse[] => {
    const secret = match[1] ?? match[2] ?? match[3] ?? '';
    const kind = own.has(secret) || assigned.has(secret) ? undefined : credentialKindOf('', secret);
    if (kind === undefined) return [];
    const span = text.span(match.index, match.index + match[0].length);
    return [
      { kind, secret, holder: '', place: 'script', step, variable: undefined, span, source: text.source },
    ];
  });
}

function useOf(variable: Variable, { place, step }: Pick<Found, 'place' | 'step'>): StoredUse[] {
  const { name, value } = variable;
  const [, secret] = ONE_NAME.exec(value?.value ?? '') ?? [];
  if (value === undefined || secret === undefined) return [];
  const kind: CredentialKind | undefined = credentialKindOf(name, secret);
  if (kind === undefined) return [];
  return [{ kind, secret, holder: name, place, step, variable, span: value.node, source: value.source }];
}

function usesInStep(step: Step, own: ReadonlySet<string>): StoredUse[] {
  const { work, env } = step;
  // With an address of its own the store only speaks like that of AWS.
  const elsewhere = [...env, ...(work.kind === 'action' ? work.inputs : [])].some(({ name }) =>
    /endpoint/i.test(name),
  );
  const inEnv = env.flatMap((each) => useOf(each, { place: 'step-variable', step }));
  const named = new Set([...own, ...inEnv.map(({ holder }) => holder)]);
  const inWork =
    work.kind === 'action'
      ? work.inputs.flatMap((each) => useOf(each, { place: 'input', step }))
      : usesInScript(step, named);
  return [...inEnv, ...inWork].filter(({ kind }) => !(elsewhere && kind.id === 'aws'));
}

function findInJob(job: Job, platform: Platform): StoredCredential[] {
  const own = new Set(job.env.filter(({ value }) => !/\$/.test(value?.value ?? '')).map(({ name }) => name));
  const uses = job.steps.flatMap((step) => usesInStep(step, own));
  return [...Map.groupBy(uses, ({ kind }) => kind)].flatMap(([kind, [first, ...others]]) =>
    first === undefined ? [] : [{ platform, kind, job, uses: [first, ...others] as const }],
  );
}

/** Stored credentials where scripts and arguments name them; what only the list of a job's secrets says comes last. */
export function findInScripted(pipeline: Pipeline): StoredCredential[] {
  const inScripts = pipeline.jobs.flatMap((job) => findInJob(job, pipeline.platform));
  const known = new Set(inScripts.map(({ job, kind }) => `${job.id} ${kind.id}`));
  const issued = new Set(
    pipeline.jobs.filter(({ steps }) =>
      steps.some(
        ({ work }) => work.kind === 'script' && ISSUED.test(work.text.value.slice(0, SCRIPT_CHARACTERS_MAX)),
      ),
    ),
  );
  const named = findInSurface(pipeline).filter(
    ({ job, kind }) => !known.has(`${job.id} ${kind.id}`) && !issued.has(job),
  );
  return [...inScripts, ...named];
}
