import type { EventStore } from '#audit/ports.ts';
import type { Clock } from '#core/clock.ts';
import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import { deniedEvent, type ExchangeFacts } from './decision-events.ts';
import type { ExchangeDenial } from './exchange.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

const UNVERIFIED = { burst: 1_000, perSecond: 100 };
const VERIFIED = { burst: 2_000, perSecond: 5 };
const OWNERS_MAX = 10_000;
const WARN_EVERY_MS = 10_000;

export interface DenialRecorder {
  /** Durable when it resolves. Returns the decision's id, or undefined when it was not recorded. */
  record(facts: ExchangeFacts, denial: ExchangeDenial): Promise<string | undefined>;
}

/**
 * Records denials, up to a rate beyond which they are only counted in the log: otherwise a stranger could fill
 * the disk, and a full disk denies everybody. Garbage has one rate for all. Verified workloads have one for each
 * owner: anybody can have a verified token of a public platform, and present it until it expires, for a denial
 * uses nothing up; but nobody can take away the record of another's denials.
 */
export function createDenialRecorder(deps: {
  events: EventStore;
  clock: Clock;
  log: Logger;
}): DenialRecorder {
  const { clock, log } = deps;
  const strangers = createTokenBucket(UNVERIFIED, clock);
  const owners = new Map<string, TokenBucket>();
  let unrecorded = 0;
  let warnedAtMs = Number.NEGATIVE_INFINITY;

  const bucketOf = (owner: string): TokenBucket => {
    const bucket = owners.get(owner) ?? createTokenBucket(VERIFIED, clock);
    // The least recently seen goes first: deleted and set again, each moves to the end.
    owners.delete(owner);
    owners.set(owner, bucket);
    const [oldest] = owners.keys();
    if (owners.size > OWNERS_MAX && oldest !== undefined) owners.delete(oldest);
    return bucket;
  };

  const warn = (): void => {
    unrecorded += 1;
    if (clock.nowMs() - warnedAtMs < WARN_EVERY_MS) return;
    warnedAtMs = clock.nowMs();
    log.warn('denials.unrecorded', { count: unrecorded, why: 'more than the rate that is recorded' });
    unrecorded = 0;
  };

  return {
    async record(facts, denial) {
      const { verified } = facts;
      const bucket = verified === undefined ? strangers : bucketOf(ownerOf(verified.identity));
      if (!bucket.take()) {
        warn();
        return undefined;
      }
      try {
        await deps.events.append([deniedEvent(facts, denial, clock)]);
        return facts.decision;
      } catch (error) {
        log.error('denial.not_recorded', { code: denial.code, error: messageOf(error) });
        return undefined;
      }
    },
  };
}

/** Whoever can make more such tokens: an organisation has any number of projects, and a project of subjects. */
function ownerOf({ issuer, org, project, subject }: WorkloadIdentity): string {
  return JSON.stringify([issuer, org?.id ?? project?.id ?? subject]);
}
