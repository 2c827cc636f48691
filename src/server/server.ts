import { createServer as createHttpServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { messageOf } from '#core/errors.ts';
import { createAccessHandlers } from './access/access-handlers.ts';
import { createAdmission } from './admission.ts';
import { createSender, securityHeaders } from './answer.ts';
import { createConfigurationHandlers } from './configuration.ts';
import { createDecisionHandlers } from './decisions.ts';
import { createStoryHandlers } from './decision-story.ts';
import type { ServerDependencies } from './dependencies.ts';
import { createDiscoveryHandlers } from './discovery.ts';
import { createDispatch } from './dispatch.ts';
import { createEventHandlers } from './events.ts';
import { createFailureThrottle } from './failure-throttle.ts';
import { createFindingListHandlers } from './finding-lists.ts';
import { createFindingHandlers } from './findings.ts';
import type { Handlers } from './handler.ts';
import { createHealthHandlers } from './health.ts';
import { reportIncident } from './incident.ts';
import { createInventoryHandlers } from './inventory/create-inventory-handlers.ts';
import { createInputEndpoints } from './inputs.ts';
import { createLeaseHandlers } from './leases.ts';
import { defaultLimits, type ServerLimits } from './limits.ts';
import { createLogHandlers } from './log.ts';
import { createMetricsEndpoint } from './metrics.ts';
import { createOverviewHandlers } from './overview.ts';
import { createPageHandlers } from './pages.ts';
import { createPeople } from './people/create-people.ts';
import { createReceiptHandlers } from './receipts.ts';
import { createProtocolErrors, type Exchanges } from './protocol-errors.ts';
import { createReportHandlers } from './reports.ts';
import { createBodyReader } from './request-body.ts';
import { createRouter } from './router.ts';
import { createRuleHandlers } from './rules.ts';
import { createSealedSecretHandlers } from './sealed-secrets.ts';
import { createSinkHandlers } from './sinks.ts';
import { createSimulateHandlers } from './simulate.ts';
import { createSourceAddress, ServerError } from './source-address.ts';
import { createTimelineHandlers } from './timeline.ts';
import { createTokenEndpoint } from './token.ts';
import { createPostureHandlers } from './posture.ts';
import { createWhoamiHandlers } from './whoami.ts';

export interface VouchgateServer {
  /** `port` 0 takes a free one. @throws {ServerError} `listen_failed` */
  listen(address: { host: string; port: number }): Promise<{ url: string }>;
  /** Takes nothing new, lets what is under way finish for `graceMs`, then cuts it off. Idempotent. */
  close(options: { graceMs: number }): Promise<void>;
}

function httpOptions(limits: ServerLimits): ServerOptions {
  return {
    // Request smuggling: only what is strictly HTTP/1.1 (RFC 9112 §6.3, §11.2).
    insecureHTTPParser: false,
    requireHostHeader: true,
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headerTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headerTimeoutMs),
    noDelay: true,
  };
}

function createNodeServer(tls: ServerDependencies['tls'], options: ServerOptions): Server {
  if (tls === undefined) return createHttpServer(options);
  return createHttpsServer({
    ...options,
    cert: tls.certPem,
    key: tls.keyPem.reveal(),
    minVersion: 'TLSv1.2',
  });
}

function createHandlers(deps: ServerDependencies, limits: ServerLimits, isClosing: () => boolean) {
  const { clock } = deps;
  const failures = createFailureThrottle({ clock, ...limits });
  const people = createPeople(deps, failures);
  const admission = createAdmission(limits.exchangesMax);
  const handlers: Handlers = {
    ...createDiscoveryHandlers(deps),
    ...createHealthHandlers(deps),
    ...createPageHandlers(deps.people.consoleFiles !== undefined),
    ...createWhoamiHandlers(deps, admission),
    ...createPostureHandlers(deps, admission),
    ...people.handlers,
    ...createLeaseHandlers(deps),
    ...createDecisionHandlers(deps, { isClosing }),
    ...createStoryHandlers(deps),
    ...createEventHandlers(deps),
    ...createLogHandlers(deps),
    ...createReceiptHandlers(deps, admission),
    ...createSinkHandlers(deps),
    ...createSimulateHandlers(deps),
    ...createAccessHandlers(deps),
    ...createConfigurationHandlers(deps),
    ...createSealedSecretHandlers(deps),
    ...createInventoryHandlers(deps),
    ...createFindingHandlers(deps),
    ...createReportHandlers(deps),
    ...createFindingListHandlers(deps),
    ...createRuleHandlers(deps),
    ...createOverviewHandlers(deps),
    ...createTimelineHandlers(deps.timeline, deps.decisions),
  };
  return { handlers, admission, failures, authenticate: people.authenticate };
}

function urlOf(server: Server, secure: boolean): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server has no TCP address');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${secure ? 'https' : 'http'}://${host}:${address.port}`;
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(
        new ServerError('listen_failed', `Cannot listen on ${host}:${port}: ${messageOf(cause)}`, {
          remedy: 'Choose another --listen address, or stop what has it.',
          cause,
        }),
      );
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

/** The HTTP server, not yet listening. @throws {ServerError} `trusted_proxy_invalid` */
export function createServer(deps: ServerDependencies): VouchgateServer {
  const limits = { ...defaultLimits, ...deps.limits };
  const secure = deps.tls !== undefined || deps.publicUrl.startsWith('https:');
  const server = createNodeServer(deps.tls, httpOptions(limits));
  let closed: Promise<void> | undefined;

  const send = createSender({ secure, closing: () => closed !== undefined });
  const sourceOf = createSourceAddress(deps.trustedProxies);
  const { handlers, admission, failures, authenticate } = createHandlers(
    deps,
    limits,
    () => closed !== undefined,
  );
  const readBody = createBodyReader(limits.heldBodyBytesMax);
  const { formBytesMax } = limits;
  const token = createTokenEndpoint({ deps, admission, formBytesMax, readBody, sourceOf, send });
  const dispatch = createDispatch({
    router: createRouter(),
    handlers,
    own: {
      ...createInputEndpoints({ inputs: deps.inputs, failures, sourceOf, readBody, log: deps.log }),
      ...createMetricsEndpoint(deps.metrics, failures, sourceOf),
    },
    token,
    authenticate,
    sourceOf,
    readBody,
    limits,
    log: deps.log,
    send,
    onAnswer: deps.metrics?.onAnswer,
  });

  const exchanges: Exchanges = new WeakMap();
  server.maxConnections = limits.connectionsMax;
  server.timeout = limits.idleTimeoutMs;
  server.on('clientError', createProtocolErrors(exchanges, securityHeaders(secure)));
  server.on('request', (request, response) => {
    exchanges.set(request.socket, { request, response });
    dispatch(request, response).catch((error: unknown) => {
      reportIncident(deps.log, 'unanswered', error);
      response.destroy();
    });
  });

  const shut = (graceMs: number) =>
    new Promise<void>((resolve) => {
      const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
      server.close(() => {
        clearTimeout(cutOff);
        resolve();
      });
      server.closeIdleConnections();
    });

  return {
    async listen({ host, port }) {
      await listenOn(server, host, port);
      server.on('error', (error) => deps.log.error('http.server_failed', { error }));
      return { url: urlOf(server, deps.tls !== undefined) };
    },
    close: ({ graceMs }) => (closed ??= shut(graceMs)),
  };
}
