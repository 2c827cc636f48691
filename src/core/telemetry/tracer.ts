import { AsyncLocalStorage } from 'node:async_hooks';
import { randomInt } from 'node:crypto';
import { formatTraceparent, newSpanId, newTraceId, parseTraceparent } from './trace-context.ts';

/** Closed words and numbers only: no name of a repository, a person or a workload, and never a secret. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface FinishedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: 'server' | 'internal';
  /** Nanoseconds since the epoch. */
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly attributes: SpanAttributes;
  readonly failed: boolean;
}

export interface Tracer {
  /**
   * Runs `work` as the first span of this server. The trace of a caller is continued; whether it is sampled is
   * decided here, for a caller must not be able to make us export more than we want. `attributesOf` reads the
   * result.
   */
  root<T>(
    name: string,
    traceparent: string | undefined,
    work: () => Promise<T>,
    attributesOf?: (result: T) => SpanAttributes,
  ): Promise<T>;
  /** Runs `work` as a part of what is being traced; costs next to nothing where nothing is. */
  span<T>(name: string, work: () => T, attributesOf?: (result: Awaited<T>) => SpanAttributes): T;
  /** What a call to another server carries; undefined where nothing is being traced. */
  traceparent(): string | undefined;
}

interface ActiveSpan {
  readonly traceId: string;
  readonly spanId: string;
}

export interface TracerOptions {
  /** Of the traces that begin or arrive here, from 0 to 1. */
  readonly sampleRatio: number;
  readonly onEnd: (span: FinishedSpan) => void;
}

const RATIO_STEPS = 1_000_000;

function nowNanos(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1_000)) * 1_000n;
}

export function createTracer({ sampleRatio, onEnd }: TracerOptions): Tracer {
  const active = new AsyncLocalStorage<ActiveSpan>();
  const chosen = (): boolean => sampleRatio >= 1 || randomInt(RATIO_STEPS) < sampleRatio * RATIO_STEPS;

  const run = <T>(
    start: { traceId: string; parentSpanId: string | undefined; name: string; kind: FinishedSpan['kind'] },
    work: () => T,
    attributesOf: ((result: Awaited<T>) => SpanAttributes) | undefined,
  ): T => {
    const span = { traceId: start.traceId, spanId: newSpanId() };
    const startNanos = nowNanos();
    const end = (attributes: SpanAttributes, failed: boolean): void =>
      onEnd({ ...start, spanId: span.spanId, startNanos, endNanos: nowNanos(), attributes, failed });
    return active.run(span, () => watch(work, attributesOf, end));
  };

  return {
    root: (name, traceparent, work, attributesOf) => {
      const parent = parseTraceparent(traceparent);
      if (parent?.sampled === false || !chosen()) return active.exit(work);
      const traceId = parent?.traceId ?? newTraceId();
      return run({ traceId, parentSpanId: parent?.spanId, name, kind: 'server' }, work, attributesOf);
    },
    span: (name, work, attributesOf) => {
      const parent = active.getStore();
      if (parent === undefined) return work();
      const { traceId, spanId } = parent;
      return run({ traceId, parentSpanId: spanId, name, kind: 'internal' }, work, attributesOf);
    },
    traceparent: () => {
      const span = active.getStore();
      return span && formatTraceparent({ ...span, sampled: true });
    },
  };
}

/** Ends the span with the work, whether it answers at once or later, or fails. */
function watch<T>(
  work: () => T,
  attributesOf: ((result: Awaited<T>) => SpanAttributes) | undefined,
  end: (attributes: SpanAttributes, failed: boolean) => void,
): T {
  const succeed = (result: Awaited<T>): Awaited<T> => {
    end(attributesOf?.(result) ?? {}, false);
    return result;
  };
  const fail = (error: unknown): never => {
    end({}, true);
    throw error;
  };
  let result: T;
  try {
    result = work();
  } catch (error) {
    return fail(error);
  }
  if (result instanceof Promise) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same promise, watched
    return result.then(succeed, fail) as T;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no promise, so it is its own awaited value
  succeed(result as Awaited<T>);
  return result;
}
