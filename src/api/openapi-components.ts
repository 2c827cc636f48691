import { DeliveryAnswer, HecAnswer } from './routes-inputs.ts';
import { ActivityView, TimelineEntry, TimelinePage } from './timeline.ts';
import { z } from 'zod';
import { Configuration } from './configuration.ts';
import { ACCESS_COMPONENTS } from './openapi-access.ts';
import {
  DecidingPolicy,
  Decision,
  DecisionCounts,
  DecisionNews,
  DecisionPage,
  DecisionSummary,
  DecisionTop,
  OutcomeCounts,
} from './decision.ts';
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
import { FindingClusterPage, FindingFacets, FindingTrend, SameFindings } from './finding-overviews.ts';
import { Identity } from './identity.ts';
import { AttackPath, AttackPathPage } from './attack-path.ts';
import { AuthorityGraph } from './authority-graph.ts';
import { Inspection } from './inspection.ts';
import { PipelinePage, Repository, RepositoryPage } from './inventory.ts';
import { Pipeline, PipelineSource } from './pipeline.ts';
import { PipelineAccess } from './pipeline-access.ts';
import { StaticCredential, StaticCredentialPage } from './static-credential.ts';
import {
  EntryOpening,
  EventErasure,
  LogBundle,
  LogDescription,
  BundleReceipts,
  LogStatus,
  LogWitness,
  Receipt,
  ReceiptList,
  ReceiptRequest,
} from './log.ts';
import { Lease, LeasePage, LeaseRevocation, LeaseRevocationResult } from './lease.ts';
import {
  About,
  ApiToken,
  ApiTokenCreated,
  ApiTokenList,
  ApiTokenRequest,
  DraftPolicy,
  Me,
  PersonSession,
  PersonSessionList,
  RoleOverview,
  SignInOptions,
} from './person.ts';
import { Overview } from './overview.ts';
import { PostureFinding, PostureRequest, PostureResult } from './posture.ts';
import { Problem } from './problem.ts';
import { Report, ReportList } from './report.ts';
import { Lesson, Rule, RuleList } from './rule.ts';
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
  ...ACCESS_COMPONENTS,
  About,
  ApiToken,
  ApiTokenCreated,
  ApiTokenList,
  ApiTokenRequest,
  DraftPolicy,
  Me,
  PersonSession,
  PersonSessionList,
  RoleOverview,
  SignInOptions,
  BulkTriageRequest,
  Configuration,
  DecidingPolicy,
  Decision,
  DecisionCounts,
  DecisionNews,
  DecisionPage,
  DecisionSummary,
  DecisionTop,
  OutcomeCounts,
  Discovery,
  EntryOpening,
  Event,
  EventErasure,
  EventPage,
  Fact,
  Finding,
  FindingClusterPage,
  FindingCounts,
  FindingFacets,
  FindingGroupList,
  FindingPage,
  FindingTrend,
  SameFindings,
  Overview,
  Lesson,
  Rule,
  RuleList,
  Identity,
  AttackPath,
  AttackPathPage,
  AuthorityGraph,
  Inspection,
  Pipeline,
  PipelineAccess,
  PipelinePage,
  PipelineSource,
  Repository,
  RepositoryPage,
  StaticCredential,
  StaticCredentialPage,
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
  BundleReceipts,
  LogStatus,
  LogWitness,
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
