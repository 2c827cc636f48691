import type { EnvironmentUse, Step } from '../model.ts';
import { mentionsOf } from '../secret-variables.ts';
import type { JobSurface, Start } from '../surface.ts';
import { isOutsider } from '../trigger.ts';
import type { JenkinsJob, JenkinsPipeline } from './model.ts';
import { makeMapping, scalarAt, textAt } from './nodes.ts';
import { outsideVariable, type OutsideValue, parameterValue, webhookValue } from './outside-values.ts';
import type { JobDraft } from './scope.ts';
import type { Unit } from './symbols.ts';

/** A stage that says so in its name. */
const DEPLOYS =
  /\b(?:deploy\w*|release|promote|roll ?out|ship)\b[^\n]{0,40}?\b(prod(?:uction)?|live|staging|stage|uat|qa|preprod|dev(?:elopment)?|test)\b/i;

/** Whether any of the builds that reach the job fills the value. */
function isFilled({ filledBy }: OutsideValue, starts: readonly Start[]): boolean {
  if (filledBy === 'change')
    return starts.length === 0 || starts.some(({ code, actor }) => code === 'merge' || isOutsider(actor));
  if (filledBy === 'tag') return starts.length === 0 || starts.some(({ what }) => what === 'a tag');
  return true;
}

/** Variables with foreign text that the scripts of a job mention. */
function foreignVariablesOf(draft: JobDraft, unit: Unit): Map<string, OutsideValue> {
  const found = new Map<string, OutsideValue>();
  for (const { text } of draft.steps) {
    for (const { name } of mentionsOf(text)) {
      if (found.has(name)) continue;
      const parameter = unit.parameters.get(name);
      const field = unit.webhookVariables.get(name);
      const value =
        draft.foreign.get(name) ??
        (parameter === undefined ? undefined : parameterValue(name, parameter.kind)) ??
        (field === undefined ? undefined : webhookValue(name, field)) ??
        (unit.assignments.has(name) ? undefined : outsideVariable(name));
      if (value !== undefined) found.set(name, value);
    }
  }
  return found;
}

function readSteps(draft: JobDraft, job: JenkinsJob): Step[] {
  return draft.steps.map(({ span, text, shell, env, name }, index) => ({
    job,
    index,
    node: makeMapping(span),
    id: undefined,
    name,
    guard: undefined,
    env,
    work: { kind: 'script', text, shell, workingDirectory: undefined },
  }));
}

function readEnvironment(
  draft: JobDraft,
): { use: EnvironmentUse; deploysTo: JobSurface['deploysTo'] } | undefined {
  const match = DEPLOYS.exec(draft.id);
  const environment = match?.[1];
  if (environment === undefined) return undefined;
  const name = textAt(draft.key.source, draft.key.span, environment);
  return { use: { node: name.node, name }, deploysTo: { ...draft.key, environment } };
}

function readSurface(draft: JobDraft, unit: Unit, starts: readonly Start[]): JobSurface {
  return {
    starts,
    insertions: draft.insertions.filter((each) => isFilled(each, starts)),
    foreignVariables: new Map(
      [...foreignVariablesOf(draft, unit)].filter(([, value]) => isFilled(value, starts)),
    ),
    credentials: [...draft.credentials.values()],
    privileges: [...draft.privileges.values()],
    caches: draft.caches,
    artifacts: draft.artifacts,
    approvals: draft.approvals,
    deploysTo: readEnvironment(draft)?.deploysTo,
    // The git plug-in hands its credential to git for one command at a time.
    persistedToken: undefined,
  };
}

/** Jenkins has no token of its own: code of others in a job without credentials has none either. */
function withoutAuthority(starts: readonly Start[], draft: JobDraft): readonly Start[] {
  if (draft.credentials.size > 0) return starts;
  return starts.map((start) =>
    start.code === 'merge' ? { ...start, authority: 'read-only-for-forks' as const } : start,
  );
}

/** What was taken down about a part of the pipeline, as a job of the model. */
export function readJob(
  draft: JobDraft,
  pipeline: JenkinsPipeline,
  unit: Unit,
  starts: readonly Start[],
): JenkinsJob {
  const job: JenkinsJob = {
    pipeline,
    id: draft.id,
    key: scalarAt(draft.key.source, draft.key.span, draft.id),
    node: makeMapping(draft.span),
    name: undefined,
    needs: [],
    guard: undefined,
    runner: draft.runner,
    environment: undefined,
    permissions: undefined,
    env: draft.env,
    container: draft.container,
    services: draft.services,
    matrix: [],
    outputs: [],
    steps: [],
    call: undefined,
    surface: readSurface(draft, unit, withoutAuthority(starts, draft)),
    credentialInsertions: draft.credentialInsertions,
    openApprovals: draft.openApprovals,
    loadedCode: draft.loadedCode,
  };
  return Object.assign(job, { steps: readSteps(draft, job) });
}
