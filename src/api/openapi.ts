import { z } from 'zod';
import { componentSchemas, referenceTo, type JsonObject } from './openapi-components.ts';
import {
  problemExample,
  tokenErrorExample,
  tokenRequestExample,
  tokenResponseExample,
} from './openapi-examples.ts';
import { PROBLEM_MEDIA_TYPE, Problem } from './problem.ts';
import { REPORT_MEDIA_TYPE } from './report.ts';
import type { Route, RouteAuth } from './route.ts';
import { COMMON_PROBLEMS, routes } from './routes.ts';
import { TOKEN_PATH, TokenError } from './token-exchange.ts';

const SECURITY: Record<RouteAuth, readonly JsonObject[]> = {
  none: [],
  session: [{ session: [] }],
  'lease-or-session': [{ lease: [] }, { session: [] }],
};

function pathParameters(path: string): JsonObject[] {
  return [...path.matchAll(/\{\+?(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject | undefined): JsonObject[] {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => {
    const { $schema: _dialect, description, ...rest } = z.toJSONSchema(schema, { io: 'output' });
    return {
      name,
      in: 'query',
      required: !schema.safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      ...(rest.type === 'array' ? { style: 'form', explode: false } : {}),
      schema: rest,
    };
  });
}

function requestBody(route: Route): JsonObject {
  // OpenAPI 3.1 says binary by saying nothing of the content.
  if (route.binaryBody) return { requestBody: { required: true, content: { [REPORT_MEDIA_TYPE]: {} } } };
  if (route.body === undefined) return {};
  const example = route.path === TOKEN_PATH ? { example: tokenRequestExample } : {};
  const content = {
    [route.bodyMediaType ?? 'application/json']: { schema: referenceTo(route.body), ...example },
  };
  return { requestBody: { required: true, content } };
}

function successOf({ answer, path, summary }: Route): JsonObject {
  const mediaType = answer.mediaType ?? 'application/json';
  const schema = answer.schema === undefined ? { type: 'string' } : referenceTo(answer.schema);
  const example = path === TOKEN_PATH ? { example: tokenResponseExample } : {};
  return answer.status === 204
    ? { description: summary }
    : { description: summary, content: { [mediaType]: { schema, ...example } } };
}

function failureOf(route: Route): JsonObject {
  if (route.path === TOKEN_PATH) {
    return {
      description: 'Refused (RFC 6749 §5.2); 502 and 503 where the cause is not the caller.',
      content: { 'application/json': { schema: referenceTo(TokenError), example: tokenErrorExample } },
    };
  }
  const authentication =
    route.auth === 'none'
      ? []
      : ['authentication_required', 'session_invalid', 'csrf_refused', 'action_denied'];
  const codes = [...route.problems, ...authentication, ...COMMON_PROBLEMS];
  return {
    description: `A problem (RFC 9457); \`code\` is one of ${codes.map((code) => `\`${code}\``).join(', ')}.`,
    content: { [PROBLEM_MEDIA_TYPE]: { schema: referenceTo(Problem), example: problemExample } },
  };
}

function operationOf(id: string, route: Route): JsonObject {
  const parameters = [...pathParameters(route.path), ...queryParameters(route.query)];
  return {
    operationId: id,
    summary: route.summary,
    security: SECURITY[route.auth],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBody(route),
    responses: { [route.answer.status]: successOf(route), default: failureOf(route) },
  };
}

function bearer(description: string): JsonObject {
  return { type: 'http', scheme: 'bearer', description };
}

/** The OpenAPI 3.1 document of the whole API, made from the route table; the same for every server. */
export function buildOpenApi(): { openapi: '3.1.0'; [member: string]: unknown } {
  const paths: Record<string, JsonObject> = {};
  for (const [id, route] of Object.entries<Route>(routes)) {
    // OpenAPI has no variable of several segments; the description of the tile says what stands there.
    const methods = (paths[route.path.replace('{+', '{')] ??= {});
    methods[route.method.toLowerCase()] = operationOf(id, route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Vouchgate',
      version: '1',
      description: 'A pipeline job proves who it is, a policy decides, a short-lived credential is issued.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        session: bearer('Session token, `vgs_…`, from POST /v1/sessions.'),
        lease: bearer('Lease token, `vgt_…`, from the exchange that made the lease.'),
      },
    },
  };
}
