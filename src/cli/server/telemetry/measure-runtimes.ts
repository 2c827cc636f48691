import type { PostureSource } from '#broker/posture-source.ts';
import type { BrokerRuntime, RuntimeCredentialProvider, RuntimeSource } from '#broker/runtime.ts';
import { AppError } from '#core/errors.ts';
import type { VouchgateMetrics } from '#core/telemetry/metric-catalogue.ts';
import type { Tracer } from '#core/telemetry/tracer.ts';
import type { CredentialProvider } from '#credentials/provider.ts';
import type { PolicyEngine } from '#policy/access-request.ts';

interface Instruments {
  metrics: VouchgateMetrics;
  tracer: Tracer;
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1_000;
}

function measurePolicy(policy: PolicyEngine, { metrics, tracer }: Instruments): PolicyEngine {
  return {
    version: policy.version,
    needsPosture: (request) => policy.needsPosture(request),
    outlook: (request) => policy.outlook(request),
    decide: (request) =>
      tracer.span('policy', () => {
        const startedAt = performance.now();
        let outcome: 'allow' | 'deny' | 'failed' = 'failed';
        try {
          const decision = policy.decide(request);
          outcome = decision.outcome;
          return decision;
        } finally {
          metrics.count('vouchgate_policy_evaluations_total', { outcome });
          metrics.observe('vouchgate_policy_evaluation_duration_seconds', {}, secondsSince(startedAt));
        }
      }),
  };
}

/** What is known already is answered without a promise: that is a hit of the cache. */
function measurePosture(posture: PostureSource, { metrics, tracer }: Instruments): PostureSource {
  return {
    postureOf: (identity) =>
      tracer.span('posture', () => {
        const startedAt = performance.now();
        const answer = posture.postureOf(identity);
        if (!(answer instanceof Promise)) {
          metrics.count('vouchgate_posture_answers_total', { answer: answer.known ? 'cached' : 'unknown' });
          return answer;
        }
        return answer.then((inspected) => {
          const known = inspected.known ? 'inspected' : 'unknown';
          metrics.count('vouchgate_posture_answers_total', { answer: known });
          metrics.observe('vouchgate_posture_inspection_duration_seconds', {}, secondsSince(startedAt));
          return inspected;
        });
      }),
    close: () => posture.close(),
  };
}

type Operation = 'issue' | 'renew' | 'revoke' | 'sweep';

function outcomeOf(error: unknown): 'unavailable' | 'refused' | 'failed' {
  if (!(error instanceof AppError)) return 'failed';
  return error.code === 'backend_unavailable' || error.code.startsWith('fetch_') ? 'unavailable' : 'refused';
}

function measureProvider(
  { name, kind, provider }: RuntimeCredentialProvider,
  { metrics, tracer }: Instruments,
): RuntimeCredentialProvider {
  const watch = <T>(operation: Operation, work: () => Promise<T>): Promise<T> =>
    tracer.span(`credential.${operation}`, async () => {
      const startedAt = performance.now();
      let outcome: 'ok' | ReturnType<typeof outcomeOf> = 'ok';
      try {
        return await work();
      } catch (error) {
        outcome = outcomeOf(error);
        throw error;
      } finally {
        const labels = { kind: kind.id, operation };
        metrics.count('vouchgate_credential_calls_total', { ...labels, outcome });
        metrics.observe('vouchgate_credential_call_duration_seconds', labels, secondsSince(startedAt));
      }
    });
  const renew = provider.renew?.bind(provider);
  const revoke = provider.revoke?.bind(provider);
  const sweepOrphans = provider.sweepOrphans?.bind(provider);
  const measured: CredentialProvider = {
    plan: (request) => provider.plan(request),
    issue: (request, handle, signal) => watch('issue', () => provider.issue(request, handle, signal)),
    check: (signal) => provider.check(signal),
    close: () => provider.close(),
    ...(renew && {
      renew: (handle, expiresAtMs, signal) => watch('renew', () => renew(handle, expiresAtMs, signal)),
    }),
    ...(revoke && {
      revoke: (handle, signal) => watch('revoke', () => revoke(handle, signal)),
    }),
    ...(sweepOrphans && {
      sweepOrphans: (isLive, signal) => watch('sweep', () => sweepOrphans(isLive, signal)),
    }),
  };
  return { name, kind, provider: measured };
}

function measureRuntime(runtime: BrokerRuntime, instruments: Instruments): BrokerRuntime {
  const { metrics, tracer } = instruments;
  const providers = new WeakMap<object, RuntimeCredentialProvider>();
  const measuredProvider = (source: RuntimeCredentialProvider): RuntimeCredentialProvider => {
    const known = providers.get(source.provider);
    if (known !== undefined) return known;
    const measured = measureProvider(source, instruments);
    providers.set(source.provider, measured);
    return measured;
  };
  const { posture } = runtime;
  return {
    policy: measurePolicy(runtime.policy, instruments),
    posture: posture && measurePosture(posture, instruments),
    resourceByName: (name) => runtime.resourceByName(name),
    resourceByUri: (uri) => runtime.resourceByUri(uri),
    resourceNames: () => runtime.resourceNames(),
    credentialProvider: (name) => {
      const source = runtime.credentialProvider(name);
      return source && measuredProvider(source);
    },
    credentialProviders: () => [...runtime.credentialProviders()].map(measuredProvider),
    verify: (token) =>
      tracer.span('verify', async () => {
        const startedAt = performance.now();
        let result: 'accepted' | 'refused' | 'failed' = 'failed';
        try {
          const verification = await runtime.verify(token);
          result = verification.ok ? 'accepted' : 'refused';
          return verification;
        } finally {
          metrics.count('vouchgate_token_verifications_total', { result });
          metrics.observe('vouchgate_token_verification_duration_seconds', {}, secondsSince(startedAt));
        }
      }),
  };
}

/** The versions of the configuration as before, each with instruments around what takes time. */
export function measureRuntimes(runtimes: RuntimeSource, instruments: Instruments): RuntimeSource {
  const measured = new WeakMap<BrokerRuntime, BrokerRuntime>();
  return {
    status: () => runtimes.status(),
    current: () => {
      const runtime = runtimes.current();
      if (runtime === undefined) return undefined;
      const known = measured.get(runtime);
      if (known !== undefined) return known;
      const wrapped = measureRuntime(runtime, instruments);
      measured.set(runtime, wrapped);
      return wrapped;
    },
  };
}
