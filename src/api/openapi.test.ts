import { describe, expect, it } from 'vitest';
import { buildOpenApi } from './openapi.ts';
import { componentSchemas } from './openapi-components.ts';
import {
  problemExample,
  tokenErrorExample,
  tokenRequestExample,
  tokenResponseExample,
} from './openapi-examples.ts';
import { Problem } from './problem.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { TokenError, TokenRequest, TokenResponse } from './token-exchange.ts';

const METHODS = ['get', 'post', 'put', 'delete'];

type Json = { [member: string]: unknown };

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectAt(value: unknown, ...path: string[]): Json {
  let current = value;
  for (const member of path) current = isObject(current) ? current[member] : undefined;
  if (!isObject(current)) throw new Error(`no object at ${path.join('.')}`);
  return current;
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '$ref' && typeof member === 'string' ? [member] : referencesIn(member),
  );
}

/** `GET /v1/leases` of every operation in the document. */
function operationsOf(document: Json): Map<string, Json> {
  const operations = new Map<string, Json>();
  for (const path of Object.keys(objectAt(document, 'paths'))) {
    for (const method of Object.keys(objectAt(document, 'paths', path))) {
      operations.set(`${method.toUpperCase()} ${path}`, objectAt(document, 'paths', path, method));
    }
  }
  return operations;
}

describe('the OpenAPI document', () => {
  const document = buildOpenApi();
  const operations = operationsOf(document);

  it('is plain JSON, and the same every time', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(buildOpenApi()).toEqual(document);
  });

  it('has the members that OpenAPI 3.1 demands', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(objectAt(document, 'info')).toMatchObject({ title: 'Vouchgate', version: expect.any(String) });
    for (const path of Object.keys(objectAt(document, 'paths'))) {
      expect(path).toMatch(/^\//);
      expect(METHODS).toEqual(expect.arrayContaining(Object.keys(objectAt(document, 'paths', path))));
    }
    for (const operation of operations.values()) {
      expect(Object.keys(objectAt(operation, 'responses')).length).toBeGreaterThan(1);
    }
  });

  it('has every route of the table and no other operation', () => {
    const expected = Object.values<Route>(routes).map(
      ({ method, path }) => `${method} ${path.replace('{+', '{')}`,
    );
    expect([...operations.keys()].sort()).toEqual(expected.sort());
    const ids = [...operations.values()].map(({ operationId }) => String(operationId));
    expect(ids.sort()).toEqual(Object.keys(routes).sort());
  });

  it('declares every variable of a path, as required', () => {
    for (const [name, { parameters = [] }] of operations) {
      const declared = Array.isArray(parameters)
        ? parameters.filter(({ in: place }) => place === 'path')
        : [];
      const wanted = [...name.matchAll(/\{(\w+)\}/g)].map(([, variable]) => variable);
      expect(declared.map((parameter) => parameter.name)).toEqual(wanted);
      expect(declared.every(({ required }) => required === true)).toBe(true);
    }
  });

  it('refers only to schemas that it has', () => {
    const schemas = Object.keys(objectAt(document, 'components', 'schemas'));
    for (const reference of referencesIn(document)) {
      expect(schemas).toContain(reference.replace('#/components/schemas/', ''));
    }
    expect(Object.keys(componentSchemas()).sort()).toEqual(schemas.sort());
  });

  it('takes the token request as a form, with an example', () => {
    const content = objectAt(operations.get('POST /oauth2/token'), 'requestBody', 'content');
    expect(Object.keys(content)).toEqual(['application/x-www-form-urlencoded']);
    expect(objectAt(content, 'application/x-www-form-urlencoded')).toMatchObject({
      example: tokenRequestExample,
    });
  });

  it('has examples that its own schemas accept', () => {
    expect(TokenRequest.parse(tokenRequestExample)).toEqual(tokenRequestExample);
    expect(TokenResponse.parse(tokenResponseExample)).toEqual(tokenResponseExample);
    expect(TokenError.parse(tokenErrorExample)).toEqual(tokenErrorExample);
    expect(Problem.parse(problemExample)).toEqual(problemExample);
  });

  it('demands a security scheme exactly where a route demands one', () => {
    const schemes = { none: [], session: ['session'], 'lease-or-session': ['lease', 'session'] };
    for (const [id, route] of Object.entries<Route>(routes)) {
      const operation = [...operations.values()].find(({ operationId }) => operationId === id);
      const security = Array.isArray(operation?.security) ? operation.security : ['none declared'];
      expect(security.flatMap((entry) => Object.keys(entry))).toEqual(schemes[route.auth]);
    }
  });
});
