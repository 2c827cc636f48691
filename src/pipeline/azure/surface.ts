import type { CredentialUse, JobSurface, Place, PrivilegeUse, Start, StoreUse } from '../surface.ts';
import { asScalar, findEntry, findValue, scalarsOf } from '../yaml/access.ts';
import { isOutsider } from '../trigger.ts';
import type { Around } from './around.ts';
import { evaluateConditions } from './conditions.ts';
import { credentialsOf, type HeldCredential } from './credentials.ts';
import { foreignVariablesOf, insertionsOf, scopeOf } from './foreign.ts';
import type { AzureJob, AzureStep, Stage, Variables } from './model.ts';
import { findContainer, readContainerResources } from './pools.ts';
import { approvalsBefore, startsOfJob } from './reach.ts';
import { inputOf } from './read-steps.ts';
import { FORK_TOKEN, situationOf } from './starts.ts';
import { artifactTasks } from './tasks.ts';
import { azureText } from './texts.ts';

function deploymentOf({ environment, pipeline: { source } }: AzureJob): JobSurface['deploysTo'] {
  if (environment === undefined) return undefined;
  return { source, span: environment.node, environment: environment.name.value };
}

const OPTIONS: readonly (readonly [RegExp, PrivilegeUse['kind'], string])[] = [
  [/(?:^|\s)--privileged(?:\s|=true|$)/, 'privileged', '--privileged'],
  [/docker\.sock/, 'docker-socket', "the agent's Docker socket"],
  [/(?:^|\s)--(?:net|network|pid)[= ]host(?:\s|$)/, 'host-network', 'the network or processes of the agent'],
  [/(?:^|\s)(?:-v|--volume)[= ]\/:/, 'host-path', 'the root folder of the agent'],
  [/(?:^|\s)(?:-u|--user)[= ](?:root|0)(?:[:\s]|$)/, 'root', 'the user root'],
];

function privilegesOf(job: AzureJob): PrivilegeUse[] {
  const { source, node } = job.pipeline;
  const container = findContainer(job.containerNode, readContainerResources(node, source));
  const options = azureText(findValue(container, 'options'), source);
  const sockets = scalarsOf(findValue(container, 'volumes')).filter(({ value }) =>
    value.includes('docker.sock'),
  );
  const value = options?.value.slice(0, 2_000) ?? '';
  return [
    ...OPTIONS.filter(([pattern]) => pattern.test(value)).map(([, kind, what]) => {
      return { kind, what, source, span: options?.node ?? job.key };
    }),
    ...sockets.map((span) => ({
      kind: 'docker-socket' as const,
      what: "the agent's Docker socket",
      source,
      span,
    })),
  ];
}

function readStore(step: AzureStep, access: 'read' | 'write', names: readonly string[]): StoreUse {
  const { source } = step.job.pipeline;
  const key =
    step.task === undefined ? undefined : names.map((name) => step.task && inputOf(step.task, name)?.value);
  const path =
    step.task === undefined ? undefined : (inputOf(step.task, 'path') ?? inputOf(step.task, 'targetPath'));
  return {
    source,
    span: step.node,
    key: key?.find((each) => each !== undefined),
    access,
    paths: path?.value === undefined ? [] : [path.value.value],
  };
}

/** Runs of forks and pull requests keep caches of their own, which no other branch reads. */
function cachesOf({ steps }: AzureJob): StoreUse[] {
  return steps
    .filter(({ task }) => /^cache$/i.test(task?.name ?? ''))
    .map((step) => readStore(step, 'read', ['key']));
}

function artifactsOf({ steps, pipeline: { source } }: AzureJob): StoreUse[] {
  return steps.flatMap((step): StoreUse[] => {
    const word = step.word.value;
    if (word === 'publish' || word === 'upload') {
      const path = asScalar(findValue(step.node, word))?.value;
      const key = azureText(findValue(step.node, 'artifact'), source);
      return [{ source, span: step.node, key, access: 'write', paths: path === undefined ? [] : [path] }];
    }
    const name = step.task?.name.toLowerCase() ?? '';
    const access = Object.hasOwn(artifactTasks, name) ? artifactTasks[name] : undefined;
    return access === undefined ? [] : [readStore(step, access, ['artifactName', 'artifact'])];
  });
}

/** Without being told, the agent takes the token away again after the checkout. */
function persistedTokenOf({ steps, pipeline: { source } }: AzureJob): Place | undefined {
  const entry = steps
    .filter(({ word }) => word.value === 'checkout')
    .map(({ node }) => findEntry(node, 'persistCredentials'))
    .find((each) => each !== undefined && /^true$/i.test(asScalar(each.value)?.value ?? ''));
  return entry === undefined ? undefined : { source, span: { start: entry.key.start, end: entry.value.end } };
}

/** What the templates that a job uses add to it. */
export interface Linked {
  readonly credentials: readonly HeldCredential[];
  /** Variables of templates for variables. */
  readonly shared: readonly Variables[];
  readonly approvals: (stages: ReadonlySet<Stage>) => readonly Place[];
}

/**
 * What is there under conditions only may be out of reach of forks; a job without any credential has its token, whose
 * rights are another setting.
 */
function settleForks(starts: readonly Start[], held: readonly HeldCredential[]): Start[] {
  return starts.flatMap((start): Start[] => {
    if (!isOutsider(start.actor) || start.authority !== 'full') return [start];
    if (held.length === 0) return [{ ...start, setting: FORK_TOKEN }];
    const situation = situationOf(start);
    const reaches = held.some(({ conditions }) => evaluateConditions(conditions, situation) !== 'false');
    return reaches ? [start] : [];
  });
}

/** Every job has a token; it is worth a word where outsiders run their code beside it. */
function ownToken({ key, pipeline: { source } }: AzureJob, starts: readonly Start[]): CredentialUse[] {
  if (!starts.some(({ actor }) => isOutsider(actor))) return [];
  return [
    { kind: 'platform-token', name: 'of the job (System.AccessToken)', scope: 'job', source, span: key },
  ];
}

/** Works out what a job exposes, given what stands around its file. */
export function surfaceOf(job: AzureJob, around: Around, linked: Linked): JobSurface {
  const scope = scopeOf(job, around.parameters, around.variables, linked.shared);
  const held = [...credentialsOf(job, linked.shared), ...linked.credentials, ...around.credentials];
  const starts = settleForks(startsOfJob(job, around.starts), held);
  return {
    starts,
    insertions: insertionsOf(job, scope),
    foreignVariables: foreignVariablesOf(job, scope),
    credentials: held.length === 0 ? ownToken(job, starts) : held.map(({ use }) => use),
    privileges: privilegesOf(job),
    caches: cachesOf(job),
    artifacts: artifactsOf(job),
    approvals: [...approvalsBefore(job, linked.approvals), ...around.approvals],
    deploysTo: deploymentOf(job),
    persistedToken: persistedTokenOf(job),
  };
}
