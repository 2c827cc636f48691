import type { Step, Variable } from '../model.ts';
import type { ForeignValue, Insertion, JobSurface, PrivilegeUse, Start } from '../surface.ts';
import type { Text } from '../text.ts';
import { isOutsider } from '../trigger.ts';
import { readCredentials } from './credentials.ts';
import { deploymentOf } from './deployments.ts';
import type { Executor } from './executors.ts';
import type { RawStep } from './expand-steps.ts';
import { builtInForeignVariables } from './foreign-values.ts';
import type { Resolver, Scope } from './scope.ts';
import { readArtifacts, readCaches, readSshKeys } from './stores.ts';
import type { Invocation } from './workflows.ts';

/** All that a job is, before it is put into the words of every platform. */
export interface JobParts {
  readonly steps: readonly Step[];
  /** In the same order as the steps. */
  readonly raw: readonly RawStep[];
  readonly executor: Executor;
  readonly invocation: Invocation | undefined;
  readonly scope: Scope | undefined;
  readonly starts: readonly Start[];
  readonly resolver: Resolver;
}

/** Events of pull requests only come to jobs that run for the branches of these. */
function narrow(value: ForeignValue, starts: readonly Start[]): ForeignValue {
  if (value.writtenBy !== 'anyone' || starts.some(({ actor }) => isOutsider(actor))) return value;
  return { ...value, writtenBy: 'member' };
}

function insertionsIn(text: Text | undefined, scope: Scope | undefined, parts: JobParts): Insertion[] {
  return (text?.expressions ?? []).flatMap((expression) => {
    const reached = parts.resolver.follow(expression, scope);
    if (reached === undefined || text === undefined) return [];
    const { start, end } = expression.outer;
    const value = narrow(reached.value, parts.starts);
    return [{ ...value, text, start, end, into: 'script', hops: reached.hops }];
  });
}

function readInsertions(parts: JobParts): Insertion[] {
  return parts.steps.flatMap(({ work }, index) => {
    if (work.kind !== 'script') return [];
    const scope = parts.raw[index]?.scope;
    return [...insertionsIn(work.text, scope, parts), ...insertionsIn(work.shell, scope, parts)];
  });
}

/** Variables that a value of the pipeline was put into: the right way to hand it to a script. */
function readForeignVariables(parts: JobParts): Map<string, ForeignValue> {
  const found = new Map(builtInForeignVariables);
  const add = (variables: readonly Variable[], scope: Scope | undefined): void => {
    for (const { name, value } of variables) {
      const [insertion] = insertionsIn(value, scope, parts);
      if (insertion === undefined) continue;
      found.set(name, { name, what: insertion.what, writtenBy: insertion.writtenBy });
    }
  };
  add(parts.executor.env, parts.scope);
  for (const [index, { env }] of parts.steps.entries()) add(env, parts.raw[index]?.scope);
  return found;
}

const PRIVILEGED = /\bdocker\b[^\n]{0,300}?--privileged\b/;
const SOCKET = /\bdocker\b[^\n]{0,300}?\/var\/run\/docker\.sock/;

/** Machines of CircleCI are thrown away after each job; a container that leaves its box there finds nothing. */
function readPrivileges({ steps, executor }: JobParts): PrivilegeUse[] {
  if (executor.runner?.hosting !== 'self-hosted') return [];
  return steps.flatMap(({ work }): PrivilegeUse[] => {
    if (work.kind !== 'script') return [];
    const { text } = work;
    const [privileged, socket] = [PRIVILEGED.exec(text.value), SOCKET.exec(text.value)];
    const place = (match: RegExpExecArray) => ({
      source: text.source,
      span: text.span(match.index, match.index + match[0].length),
    });
    return [
      ...(privileged === null
        ? []
        : [{ kind: 'privileged', what: 'docker run --privileged', ...place(privileged) } as const]),
      ...(socket === null
        ? []
        : [{ kind: 'docker-socket', what: 'the socket of Docker', ...place(socket) } as const]),
    ];
  });
}

function readDeployment({ invocation, resolver }: JobParts): JobSurface['deploysTo'] {
  if (invocation === undefined) return undefined;
  const contexts = invocation.contexts.map(({ value }) => value);
  const environment = deploymentOf(invocation.name, contexts);
  return environment === undefined
    ? undefined
    : { environment, source: resolver.source, span: invocation.key };
}

export function readSurface(parts: JobParts): JobSurface {
  const { steps, raw, executor, invocation, starts, resolver } = parts;
  return {
    starts,
    insertions: readInsertions(parts),
    foreignVariables: readForeignVariables(parts),
    credentials: [
      ...readCredentials(steps, executor, invocation, resolver.source),
      ...readSshKeys(raw, resolver.source),
    ],
    privileges: readPrivileges(parts),
    caches: readCaches(raw, resolver),
    artifacts: readArtifacts(raw, resolver),
    approvals: invocation?.approvals ?? [],
    deploysTo: readDeployment(parts),
    // The key that `checkout` leaves in ~/.ssh can read this one repository, and later steps have the code anyway.
    persistedToken: undefined,
  };
}
