import type { Clock } from '#core/clock.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { RequestProblem } from './request-problem.ts';

const CHECK_MS = 1_000;

/**
 * One durable write per second at most, however often and by how many at once it is asked for: readiness is
 * open to everybody and must not be a way to wear out the disk.
 */
function shareCheck(check: () => Promise<void>, clock: Clock): () => Promise<void> {
  let current: Promise<void> | undefined;
  let startedAtMs = 0;
  let underWay = false;
  return () => {
    if (current !== undefined && (underWay || clock.nowMs() - startedAtMs < CHECK_MS)) return current;
    startedAtMs = clock.nowMs();
    underWay = true;
    current = check().finally(() => {
      underWay = false;
    });
    return current;
  };
}

export function createHealthHandlers(
  deps: Pick<ServerDependencies, 'broker' | 'readiness' | 'clock'>,
): HandlersOf<'getLiveness' | 'getReadiness'> {
  const check = shareCheck(deps.readiness, deps.clock);
  return {
    getLiveness: () => ({ value: { status: 'ok' } }),
    async getReadiness() {
      await check();
      if (deps.broker.configurationStatus().inForce === undefined) {
        throw new RequestProblem('configuration_missing', 'No valid configuration was ever loaded.');
      }
      return { value: { status: 'ready' } };
    },
  };
}
