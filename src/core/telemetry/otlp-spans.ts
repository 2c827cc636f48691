import type { FinishedSpan, SpanAttributes } from './tracer.ts';

const KINDS = { internal: 1, server: 2 } as const;
const STATUS_ERROR = 2;

function valueOf(value: string | number | boolean): Record<string, unknown> {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  // 64-bit integers are strings in the JSON of protobuf.
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function attributesOf(attributes: SpanAttributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
}

function spanOf(span: FinishedSpan): object {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: KINDS[span.kind],
    startTimeUnixNano: String(span.startNanos),
    endTimeUnixNano: String(span.endNanos),
    attributes: attributesOf(span.attributes),
    status: span.failed ? { code: STATUS_ERROR } : {},
  };
}

/** ExportTraceServiceRequest in the JSON encoding of OTLP: lower camel case, ids in hexadecimal. */
export function encodeSpans(
  spans: readonly FinishedSpan[],
  service: { readonly name: string; readonly version: string },
): string {
  const resource = attributesOf({ 'service.name': service.name, 'service.version': service.version });
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: resource },
        scopeSpans: [{ scope: { name: 'vouchgate', version: service.version }, spans: spans.map(spanOf) }],
      },
    ],
  });
}

/** `partialSuccess`: how many of a batch that was taken were not. What was rejected must not be sent again. */
export function rejectedSpans(body: string): number {
  try {
    const answer: unknown = JSON.parse(body);
    const partial = answer instanceof Object ? Reflect.get(answer, 'partialSuccess') : undefined;
    const rejected = partial instanceof Object ? Number(Reflect.get(partial, 'rejectedSpans')) : 0;
    return Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0;
  } catch {
    return 0;
  }
}
