import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { equalTexts } from '#core/equal-texts.ts';
import type { Secret } from '#core/secret.ts';
import { challenge, refuseWhenThrottled } from './people/refuse-caller.ts';
import type { AnswerListener } from './dispatch.ts';
import type { FailureThrottle } from './failure-throttle.ts';
import type { OwnEndpoints } from './own-endpoint.ts';
import { headerText, isRepeated } from './request-headers.ts';
import { RequestProblem } from './request-problem.ts';

export interface MetricsDependencies {
  /** Who may read; undefined: nobody, and the path is not there. */
  access(): Promise<{ kind: 'loopback' } | { kind: 'token'; token: Secret } | undefined>;
  /** Prometheus text format. */
  expose(): Promise<string>;
  /** Counts what the server answers; undefined where no figures are wanted. */
  readonly onAnswer?: AnswerListener | undefined;
}

const MEDIA_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** Whoever is behind a proxy on this machine also seems to be here; these give it away. */
const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

function isLoopback(address: string | undefined): boolean {
  const plain = address?.replace(/^::ffff:/, '') ?? '';
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

function isDirectlyLocal(request: IncomingMessage): boolean {
  const proxied = PROXY_HEADERS.some((name) => request.headers[name] !== undefined);
  return isLoopback(request.socket.remoteAddress) && !proxied;
}

function notFound(): RequestProblem {
  return new RequestProblem('not_found', 'No resource has this path.');
}

/** `GET /metrics`. Who may not read it cannot tell it from a path that is not there, but for a token that is asked for. */
export function createMetricsEndpoint(
  metrics: MetricsDependencies | undefined,
  failures: FailureThrottle,
  sourceOf: (request: IncomingMessage) => string | undefined,
): Pick<OwnEndpoints, 'getMetrics'> {
  const admit = async (request: IncomingMessage): Promise<void> => {
    const access = await metrics?.access();
    if (access === undefined) throw notFound();
    if (access.kind === 'loopback') {
      if (!isDirectlyLocal(request)) throw notFound();
      return;
    }
    const given = /^Bearer (\S{1,4000})$/i.exec(headerText(request, 'authorization') ?? '')?.[1];
    const expected = access.token.reveal();
    const once = !isRepeated(request, 'authorization');
    if (once && given !== undefined && expected !== '' && equalTexts(given, expected)) return;
    const sourceIp = sourceOf(request);
    refuseWhenThrottled(failures, sourceIp);
    if (given !== undefined) failures.fail(sourceIp);
    throw new RequestProblem('authentication_required', 'Metrics want the token of `telemetry.metrics`.', {
      headers: challenge(),
    });
  };
  return {
    getMetrics: async (request) => {
      await admit(request);
      return { status: 200, mediaType: MEDIA_TYPE, body: (await metrics?.expose()) ?? '' };
    },
  };
}
