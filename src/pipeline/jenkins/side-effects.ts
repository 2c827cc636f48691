import type { Place } from '../surface.ts';
import { imageOf } from './agents.ts';
import { composeText } from './compose-text.ts';
import { credentialOfStep } from './credentials.ts';
import { privilegesOfOptions, privilegesOfPod } from './privileges.ts';
import type { JobDraft, Scope } from './scope.ts';
import { traceValue } from './trace-value.ts';
import { argumentOf, type Call, closuresOf, constantOf, firstArgument } from './tree.ts';

/** `docker.image('x')`, and the options of what is started from it. */
export function addDocker(call: Call, scope: Scope, draft: JobDraft): void {
  const { unit } = scope.reading;
  const value = firstArgument(call.entries);
  if (value === undefined) return;
  if (call.path === 'docker.image') {
    draft.takeFrom(scope);
    const image = imageOf(value, unit);
    draft.services.push(image);
    const traced = traceValue(value, scope.reading);
    if (traced === undefined) return;
    const whole = { text: image.text, start: 0, end: image.text.value.length };
    draft.insertions.push({ ...traced.value, ...whole, into: 'argument', hops: traced.hops });
  } else if (/^(?:inside|withRun|run)$/.test(call.path) && call.receiver !== undefined) {
    for (const each of privilegesOfOptions(composeText(value, unit.source).text)) {
      draft.privileges.set(`${each.kind} ${each.span.start}`, each);
    }
  }
}

/** `podTemplate(…) { }`, `containerTemplate(…)`, volumes of the machine. */
export function withPod(call: Call, scope: Scope): Scope {
  const { unit } = scope.reading;
  const yaml = argumentOf(call.entries, 'yaml');
  const found = yaml === undefined ? [] : privilegesOfPod(composeText(yaml, unit.source).text);
  const place: Place = { source: unit.source, span: call.nameSpan };
  if (constantOf(argumentOf(call.entries, 'privileged')) === 'true') {
    found.push({ kind: 'privileged', what: 'privileged: true', ...place });
  }
  const hostPath = constantOf(argumentOf(call.entries, 'hostPath'));
  if (hostPath !== undefined) {
    const isSocket = hostPath.endsWith('/docker.sock');
    found.push({ kind: isSocket ? 'docker-socket' : 'host-path', what: hostPath.slice(0, 60), ...place });
  }
  return found.length === 0 ? scope : { ...scope, privileges: [...scope.privileges, ...found] };
}

/** A person has to say yes; `submitter` says who. */
export function addApproval(call: Call, scope: Scope, draft: JobDraft): Place {
  const place: Place = { source: scope.reading.unit.source, span: call };
  draft.approvals.push(place);
  const closure = closuresOf(call).flatMap(({ statements }) => statements);
  const asks = closure.some(
    (each) => each.kind === 'chain' && each.head.kind === 'name' && each.head.name === 'submitter',
  );
  if (argumentOf(call.entries, 'submitter') === undefined && !asks) draft.openApprovals.push(place);
  return place;
}

const STORES: Readonly<Record<string, 'read' | 'write'>> = {
  archiveArtifacts: 'write',
  stash: 'write',
  unstash: 'read',
  copyArtifacts: 'read',
  unarchive: 'read',
};

/** What outlives the run, and credentials that a step takes by itself. */
export function addStep(name: string, call: Call, scope: Scope, draft: JobDraft): void {
  const { unit } = scope.reading;
  const access = Object.hasOwn(STORES, name) ? STORES[name] : undefined;
  const place: Place = { source: unit.source, span: call };
  const paths =
    constantOf(argumentOf(call.entries, 'artifacts') ?? argumentOf(call.entries, 'includes'))?.split(',') ??
    [];
  const key = argumentOf(call.entries, 'name') ?? firstArgument(call.entries);
  const text = key === undefined ? undefined : composeText(key, unit.source).text;
  if (access !== undefined) draft.artifacts.push({ ...place, key: text, access, paths: paths.slice(0, 50) });
  else if (name === 'cache') draft.caches.push({ ...place, key: undefined, access: 'both', paths: [] });
  const credential = credentialOfStep(call, unit);
  if (credential === undefined) return;
  draft.takeFrom(scope);
  draft.credentials.set(credential.name, credential);
  draft.actions += 1;
}
