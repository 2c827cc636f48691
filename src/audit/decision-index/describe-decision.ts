import { hash } from 'node:crypto';
import { z } from 'zod';
import type { RecordedEvent } from '../event.ts';
import { PERSONAL } from '../log/personal-data.ts';
import type { AddedDecision, IndexedOutcome } from './ports.ts';

/** What an index of a database takes in any case: PostgreSQL refuses keys of more than 2,704 bytes. */
const KEY_CHARS_MAX = 200;
const POLICY_CHARS_MAX = 500;
const POLICIES_MAX = 100;

const word = z.string().optional().catch(undefined);
const named = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject(shape).optional().catch(undefined);

/** The parts of a decision's body that are indexed. What is not as expected is left out, whatever its version. */
const Body = z.object({
  identity: z
    .looseObject({
      provider: word,
      platform: word,
      org: named({ id: word, name: word }),
      project: named({ id: word, path: word }),
      ref: named({ full: word }),
      commit: word,
      trigger: word,
      environment: named({ name: word }),
      config: named({ uri: word }),
      run: named({ id: word }),
      actor: named({ id: word, login: word }),
    })
    .optional()
    .catch(undefined),
  credential: named({ provider: word }),
  denial: named({ code: word }),
  policy: named({ version: word, determining: z.array(z.string()).catch([]) }),
  posture: named({ known: z.boolean().catch(false), facts: named({ grade: word }) }),
});
type Body = z.infer<typeof Body>;
type Identity = NonNullable<Body['identity']>;

const FIRST_OUTCOMES: ReadonlyMap<RecordedEvent['type'], IndexedOutcome> = new Map([
  ['decision.issued', 'issued'],
  ['decision.allowed', 'allowed'],
  ['decision.denied', 'denied'],
]);

/** What stands in the index for an event that made a decision; undefined for every other event. */
export function describeDecision(event: RecordedEvent): AddedDecision | undefined {
  const outcome = FIRST_OUTCOMES.get(event.type);
  if (outcome === undefined || event.decision === undefined) return undefined;
  const body = Body.safeParse(event.body).data;
  const identity = body?.identity;
  const traits = {
    principal: event.actor.id,
    resource: event.resource,
    ...traitsOf(identity),
    policies: (body?.policy?.determining ?? [])
      .slice(0, POLICIES_MAX)
      .map((id) => id.slice(0, POLICY_CHARS_MAX)),
  };
  const workload = digestOf([event.actor.id, event.resource, identity && lastingPartOf(identity)]);
  return {
    ...traits,
    sequence: event.sequence,
    changed: event.sequence,
    id: event.decision,
    timeMs: event.timeMs,
    outcome,
    reason: clip(body?.denial?.code),
    run: clip(identity?.run?.id),
    commit: clip(identity?.commit),
    actor: actorOf(identity),
    policyVersion: clip(body?.policy?.version),
    posture: postureOf(body),
    lease: event.lease,
    workload,
    shape: digestOf([workload, traits.policies]),
  };
}

function traitsOf(identity: Identity | undefined) {
  return {
    provider: identity?.provider,
    platform: identity?.platform,
    repository: identity?.project?.path,
    org: identity?.org?.name ?? identity?.org?.id,
    ref: identity?.ref?.full,
    environment: identity?.environment?.name,
    trigger: identity?.trigger,
    workflow: workflowOf(identity?.config?.uri),
  };
}

/** `acme/shop/.github/workflows/deploy.yml@refs/heads/main`: the ref stands in a column of its own. */
function workflowOf(uri: string | undefined): string | undefined {
  const at = uri?.lastIndexOf('@') ?? -1;
  return at > 0 ? uri?.slice(0, at) : uri;
}

/** An identity without what differs from run to run, and without the person. */
function lastingPartOf(identity: Identity): unknown {
  const {
    commit: _commit,
    run: _run,
    actor: _actor,
    claims: _claims,
    config,
    callee,
    runner,
    ...lasting
  } = identity;
  return { ...lasting, config: uriOf(config), callee: uriOf(callee), hosting: memberOf(runner, 'hosting') };
}

function uriOf(definition: unknown): unknown {
  return memberOf(definition, 'uri');
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function actorOf(identity: Identity | undefined): string | undefined {
  const named = [identity?.actor?.login, identity?.actor?.id];
  return clip(named.find((each) => each !== undefined && each !== PERSONAL));
}

function postureOf(body: Body | undefined): string | undefined {
  if (body?.posture === undefined) return undefined;
  return (body.posture.known ? clip(body.posture.facts?.grade) : undefined) ?? 'unknown';
}

function clip(text: string | undefined): string | undefined {
  return text?.slice(0, KEY_CHARS_MAX);
}

function digestOf(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url');
}
