import type { Broker } from '#broker/broker.ts';
import type { ExchangeResult } from '#broker/exchange.ts';
import type { VouchgateMetrics } from '#core/telemetry/metric-catalogue.ts';
import type { Tracer } from '#core/telemetry/tracer.ts';

/** Codes are a closed list of ours; `credential` is the kind of the provider. */
function attributesOf(result: ExchangeResult): Record<string, string> {
  return result.outcome === 'issued'
    ? { 'vouchgate.outcome': 'issued', 'vouchgate.credential_type': result.issued.credentialType }
    : { 'vouchgate.outcome': 'denied', 'vouchgate.reason': result.denial.code };
}

/** Counts exchanges, and begins their traces. The broker knows of neither. */
export function measureBroker(broker: Broker, metrics: VouchgateMetrics, tracer: Tracer): Broker {
  const exchange: Broker['exchange'] = async (request) => {
    const startedAt = performance.now();
    const finish = (outcome: 'issued' | 'denied' | 'failed', reason: string) => {
      metrics.count('vouchgate_exchanges_total', { outcome, reason });
      const seconds = (performance.now() - startedAt) / 1_000;
      metrics.observe('vouchgate_exchange_duration_seconds', { outcome }, seconds);
    };
    try {
      const { traceparent } = request;
      const result = await tracer.root('exchange', traceparent, () => broker.exchange(request), attributesOf);
      finish(result.outcome, result.outcome === 'denied' ? result.denial.code : 'none');
      return result;
    } catch (error) {
      finish('failed', 'internal_error');
      throw error;
    }
  };
  return { ...broker, exchange };
}
