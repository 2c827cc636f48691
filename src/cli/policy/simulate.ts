import type { Grade, PostureAnswer } from '#policy/posture.ts';
import { SimulationResult } from '#api/subject.ts';
import type { Fact } from '#identity/refusal.ts';
import { principalIdOf } from '#identity/principal.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import { connectAsPerson } from '../client/connect.ts';
import type { CommandStreams, GlobalOptions } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { formatFacts } from '../facts.ts';
import { formatFields, formatParagraph } from '../layout.ts';
import { requireConfiguration } from './open-configuration.ts';
import { readSubject, readToken, type SubjectOptions } from './read-claims.ts';
import { findResource } from './find-resource.ts';

interface Caller extends CommandStreams {
  readonly global: GlobalOptions;
}

export interface SimulateOptions extends SubjectOptions {
  readonly resource: string;
  readonly action: 'issue' | 'renew';
  /** Of the pipeline, by the word of whoever asks; undefined: not known. */
  readonly posture: Grade | undefined;
  readonly config: string | undefined;
}

export interface Verdict {
  allowed: boolean;
  resource: string;
  principal: string | null;
  /** Why the token would not get as far as a policy. */
  refusal: { code: string; message: string; facts: readonly ShownFact[]; remedy: string } | null;
  decision: {
    outcome: 'allow' | 'deny';
    reason?: string;
    determining: readonly string[];
    facts?: readonly ShownFact[];
    policyVersion: string;
  } | null;
  /** What was not looked at, in words. */
  notChecked: string | null;
}

interface ShownFact {
  name: string;
  expected: string;
  received: string | null;
}

/** Here, on the files of a folder: nothing is asked of anybody, and nothing is recorded. */
export async function simulateHere(caller: Caller, options: SimulateOptions): Promise<Verdict> {
  const { configuration } = await requireConfiguration(caller.cwd, options.config);
  const resource = findResource(configuration, options.resource);
  const subject = await readSubject(caller.cwd, options, configuration);
  const base = {
    resource: resource.name,
    notChecked: 'Signature, audience and times of a token are checked by the server only.',
  };
  if (!subject.ok) {
    const { code, message, facts, remedy } = subject.refusal;
    const refusal = { code, message, facts: shown(facts), remedy };
    return { ...base, allowed: false, principal: null, refusal, decision: null };
  }
  const { identity } = subject;
  const posture = assumedPosture(options.posture);
  const context = { nowMs: caller.clock.nowMs(), sourceIp: undefined, keyBound: true, posture };
  const decided = configuration.policy.decide({ identity, action: options.action, resource, context });
  const decision = decided.outcome === 'allow' ? decided : { ...decided, facts: shown(decided.facts) };
  const allowed = decided.outcome === 'allow';
  return { ...base, allowed, principal: principalIdOf(identity), refusal: null, decision };
}

/** Nothing is inspected here. */
function assumedPosture(grade: Grade | undefined): PostureAnswer {
  if (grade === undefined)
    return { known: false, reason: 'nothing is inspected here; --posture says what it would be' };
  const none = { critical: 0, high: 0, medium: 0, low: 0, rules: [], coverage: [], ageSeconds: 0 };
  return { known: true, posture: { ...none, grade, blocking: grade === 'fail' ? 1 : 0, workflowDigest: '' } };
}

function shown(facts: readonly Fact[]): ShownFact[] {
  return facts.map(({ name, expected, received }) => ({ name, expected, received: received ?? null }));
}

/** By the server, with what it has in force. The token is verified, and not used up. */
export async function simulateThere(caller: Caller, options: SimulateOptions): Promise<Verdict> {
  const { resource } = options;
  const file = options['token-file'];
  if (file === undefined || options.action !== 'issue') {
    throw new CommandError('usage_invalid', 'a server simulates issuing to a token: give --token-file', {
      remedy: 'With --config DIR instead of --server, claims and renewals are simulated here.',
    });
  }
  const token = await readToken(caller.cwd, file);
  const client = await connectAsPerson(caller);
  const body = { token: token.reveal(), resource };
  const { identity, refusal, decision } = await client.call({
    method: 'POST',
    path: '/v1/simulate',
    body,
    schema: SimulationResult,
  });
  if (refusal === null && decision === null) {
    throw new CommandError('not_found', `the server has no resource "${resource}" in force`, {
      remedy: 'vouchgate.yaml names them under resources.',
    });
  }
  return {
    allowed: decision?.outcome === 'allow',
    resource,
    principal: identity === null ? null : principalIdOf(withoutUndefined(identity)),
    refusal,
    decision,
    notChecked: null,
  };
}

/** The wire's identity has optional members that may be undefined by type, never in JSON. */
function withoutUndefined(identity: object): WorkloadIdentity {
  return JSON.parse(JSON.stringify(identity));
}

export function describeVerdict(verdict: Verdict): string {
  const { refusal, decision, principal, resource, notChecked } = verdict;
  const note = notChecked === null ? '' : formatParagraph('! ', notChecked);
  if (refusal !== null) {
    const head = formatParagraph(
      '',
      `denied: the token is not accepted: ${refusal.message} [${refusal.code}]`,
    );
    return `${head}${formatFacts(refusal.facts, '  ')}${formatParagraph('  → ', refusal.remedy)}${note}`;
  }
  const fields = formatFields(
    [
      ['principal', principal ?? undefined],
      ['resource', resource],
      ['decided by', decision?.determining.join(', ') || 'no policy: what is not permitted is denied'],
    ],
    '  ',
  );
  const head = verdict.allowed ? 'allowed\n' : `denied [${decision?.reason ?? ''}]\n`;
  return `${head}${fields}${formatFacts(decision?.facts ?? [], '  ')}${note}`;
}
