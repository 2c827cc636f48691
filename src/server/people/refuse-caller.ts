import type { FailureThrottle } from '../failure-throttle.ts';
import { RequestProblem } from '../request-problem.ts';

export function challenge(error?: 'invalid_token'): Readonly<Record<string, string>> {
  const parameter = error === undefined ? '' : `, error="${error}"`;
  return { 'WWW-Authenticate': `Bearer realm="vouchgate"${parameter}` };
}

/** @throws {RequestProblem} `too_many_failures` */
export function refuseWhenThrottled(failures: FailureThrottle, sourceIp: string | undefined): void {
  const waitSeconds = failures.waitSeconds(sourceIp);
  if (waitSeconds === 0) return;
  throw new RequestProblem('too_many_failures', `Too many attempts failed; wait ${waitSeconds} s.`, {
    headers: { 'Retry-After': String(waitSeconds) },
  });
}
