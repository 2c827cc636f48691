import type { Logger } from '#core/log.ts';
import { messageOf } from '#core/errors.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { AccessRequest } from '#policy/access-request.ts';
import type { PostureAnswer } from '#policy/posture.ts';
import type { PostureInspection } from './posture-source.ts';
import type { BrokerRuntime } from './runtime.ts';

const NOT_CONFIGURED =
  'this server inspects no pipelines; `posture` in vouchgate.yaml says where definitions are';
const REASON_CHARS_MAX = 180;

/**
 * Asks for the posture of the pipeline when the decision can depend on it; undefined when it cannot: what nobody
 * demands costs nothing, and a stranger whom no policy permits anything makes us inspect nothing.
 */
export async function askPosture(
  { policy, posture }: Pick<BrokerRuntime, 'policy' | 'posture'>,
  request: AccessRequest,
  log: Pick<Logger, 'error'>,
): Promise<PostureInspection | undefined> {
  if (!policy.needsPosture(request)) return undefined;
  return inspect(posture, request.identity, log);
}

/** The same for somebody who asks for nothing else. */
export async function inspect(
  source: BrokerRuntime['posture'],
  identity: WorkloadIdentity,
  log: Pick<Logger, 'error'>,
): Promise<PostureInspection> {
  if (source === undefined) return { known: false, reason: NOT_CONFIGURED, retryable: false };
  try {
    return await source.postureOf(identity);
  } catch (error) {
    log.error('posture.failed', { error: messageOf(error) });
    return { known: false, reason: 'the inspection failed; the log of the server says why', retryable: true };
  }
}

/** What a policy gets to see of it. */
export function postureFor(inspection: PostureInspection | undefined): PostureAnswer | undefined {
  if (inspection === undefined) return undefined;
  return inspection.known
    ? { known: true, posture: inspection.posture.facts }
    : { known: false, reason: inspection.reason.slice(0, REASON_CHARS_MAX) };
}
