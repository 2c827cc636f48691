import { DeliveryAnswer, HecAnswer } from './routes-inputs.ts';
import { ActivityView, TimelineEntry, TimelinePage } from './timeline.ts';
import { z } from 'zod';
import { Configuration } from './configuration.ts';
import { Decision, DecisionPage, DecisionSummary } from './decision.ts';
import { Discovery, Jwks, Liveness, OpenApiDocument, Readiness } from './discovery.ts';
import { Event, EventPage } from './event.ts';
import { Fact } from './fact.ts';
import {
  BulkTriageRequest,
  Finding,
  FindingCounts,
  FindingGroupList,
  FindingPage,
  TriageRequest,
  TriageResult,
} from './finding.ts';
import { Identity } from './identity.ts';
import {
  EntryOpening,
  EventErasure,
  LogBundle,
  LogDescription,
  Receipt,
  ReceiptList,
  ReceiptRequest,
} from './log.ts';
import { Lease, LeasePage, LeaseRevocation, LeaseRevocationResult } from './lease.ts';
import { PostureFinding, PostureRequest, PostureResult } from './posture.ts';
import { Problem } from './problem.ts';
import { Report, ReportList } from './report.ts';
import { SealedSecret, SealedSecretList, SealedSecretStored, SealedSecretUpdate } from './sealed-secret.ts';
import { ParkedEvent, ParkedList, Sink, SinkList, SinkRetried } from './sink.ts';
import { Session, SessionRequest } from './session.ts';
import {
  PolicyDecision,
  Refusal,
  SimulationRequest,
  SimulationResult,
  WhoamiRequest,
  WhoamiResult,
} from './subject.ts';
import { TokenError, TokenRequest, TokenResponse } from './token-exchange.ts';

export type JsonObject = { [member: string]: unknown };

const COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  BulkTriageRequest,
  Configuration,
  Decision,
  DecisionPage,
  DecisionSummary,
  Discovery,
  EntryOpening,
  Event,
  EventErasure,
  EventPage,
  Fact,
  Finding,
  FindingCounts,
  FindingGroupList,
  FindingPage,
  Identity,
  Jwks,
  Lease,
  LeasePage,
  LeaseRevocation,
  LeaseRevocationResult,
  Liveness,
  HecAnswer,
  DeliveryAnswer,
  Activity: ActivityView,
  TimelineEntry,
  TimelinePage,
  LogBundle,
  LogDescription,
  OpenApiDocument,
  PolicyDecision,
  PostureFinding,
  PostureRequest,
  PostureResult,
  Problem,
  Readiness,
  Receipt,
  ReceiptList,
  ReceiptRequest,
  Refusal,
  Report,
  ReportList,
  ParkedEvent,
  ParkedList,
  Sink,
  SinkList,
  SinkRetried,
  SealedSecret,
  SealedSecretList,
  SealedSecretStored,
  SealedSecretUpdate,
  Session,
  SessionRequest,
  SimulationRequest,
  SimulationResult,
  TokenError,
  TokenRequest,
  TokenResponse,
  TriageRequest,
  TriageResult,
  WhoamiRequest,
  WhoamiResult,
};

/** A `$ref` to the component that `schema` is. A schema without a name is a mistake in the list above. */
export function referenceTo(schema: z.ZodType): JsonObject {
  const name = Object.keys(COMPONENTS).find((key) => COMPONENTS[key] === schema);
  if (name === undefined) throw new TypeError('a schema of a route is missing in COMPONENTS');
  return { $ref: `#/components/schemas/${name}` };
}

/** Every schema of the wire by name; the dialect is JSON Schema 2020-12, as OpenAPI 3.1 wants. */
export function componentSchemas(): JsonObject {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMPONENTS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
  });
  const components: JsonObject = {};
  for (const [id, schema] of Object.entries(schemas)) {
    const { $id: _id, $schema: _dialect, ...rest } = schema;
    components[id] = rest;
  }
  return components;
}
