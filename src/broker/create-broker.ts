import type { Broker } from './broker.ts';
import { createExchange } from './exchange-credential.ts';
import type { ExchangeDependencies } from './exchange-dependencies.ts';
import { createLeaseManager } from './manage-leases.ts';
import type { RuntimeSource } from './runtime.ts';

/** Puts the broker together; pure but for its ports. */
export function createBroker(deps: ExchangeDependencies): Broker {
  return {
    exchange: createExchange(deps),
    ...createLeaseManager(deps),
    ...createQuestions(deps.runtimes, deps.clock),
    configurationStatus: () => deps.runtimes.status(),
  };
}

/** What may be asked without anything happening. */
function createQuestions(
  runtimes: RuntimeSource,
  clock: ExchangeDependencies['clock'],
): Pick<Broker, 'identify' | 'simulate'> {
  const identify: Broker['identify'] = async (token) => {
    const runtime = runtimes.current();
    if (runtime !== undefined) return runtime.verify(token);
    return {
      ok: false,
      refusal: {
        code: 'token_issuer_unknown',
        message: 'No valid configuration is in force.',
        facts: [],
        remedy: 'The operator must mend vouchgate.yaml.',
        retryable: true,
      },
    };
  };
  return {
    identify,
    async simulate(subject, target) {
      const verification = 'token' in subject ? await identify(subject.token) : undefined;
      if (verification?.ok === false) {
        return { identity: undefined, refusal: verification.refusal, decision: undefined };
      }
      const identity = 'identity' in subject ? subject.identity : verification?.value.identity;
      const runtime = runtimes.current();
      const resource = runtime?.resourceByName(target);
      if (identity === undefined || runtime === undefined || resource === undefined) {
        return { identity, refusal: undefined, decision: undefined };
      }
      const context = { nowMs: clock.nowMs(), sourceIp: undefined, keyBound: false };
      const decision = runtime.policy.decide({ identity, action: 'issue', resource, context });
      return { identity, refusal: undefined, decision };
    },
  };
}
