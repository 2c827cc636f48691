import type { Route } from '#api/route.ts';
import { isRouteId, routes, type RouteId } from '#api/routes.ts';

export type RouteMatch =
  | { found: true; id: RouteId; params: Readonly<Record<string, string>> }
  /** `allowed` is empty when no route has this path. */
  | { found: false; allowed: readonly string[] };

export type Router = (method: string, path: string) => RouteMatch;

interface Template {
  segments: readonly string[];
  methods: Map<string, RouteId>;
}

const NO_PARAMS: Readonly<Record<string, string>> = {};

/** RFC 9110 §9.3.2: whatever has GET has HEAD. */
function allowedOf(methods: ReadonlyMap<string, RouteId>): string[] {
  return [...methods.keys()].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).sort();
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

const SEGMENTS_MAX = 16;

/** What a variable that takes the rest of the path gets; undefined when there is nothing left. */
function restOf(segments: readonly string[], from: number): string | undefined {
  const decoded = segments.slice(from).map(decodeSegment);
  const known = decoded.filter((segment) => segment !== undefined && segment !== '');
  return known.length === 0 || known.length < decoded.length ? undefined : known.join('/');
}

function matchTemplate(template: Template, segments: readonly string[]): Record<string, string> | undefined {
  const takesRest = template.segments.at(-1)?.startsWith('{+') === true;
  if (!takesRest && template.segments.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of template.segments.entries()) {
    const segment = segments[index] ?? '';
    if (expected.startsWith('{+')) {
      const rest = restOf(segments, index);
      if (rest === undefined) return undefined;
      params[expected.slice(2, -1)] = rest;
      continue;
    }
    if (!expected.startsWith('{')) {
      if (segment !== expected) return undefined;
      continue;
    }
    const value = decodeSegment(segment);
    if (value === undefined || value === '') return undefined;
    params[expected.slice(1, -1)] = value;
  }
  return params;
}

/**
 * Finds routes by their path exactly as it was sent: nothing is normalised (`//`, `/./`, `%2e`, case), so that
 * no proxy's idea of a path can differ from ours.
 */
export function createRouter(): Router {
  const literal = new Map<string, Template>();
  const variable = new Map<string, Template>();
  for (const [id, route] of Object.entries<Route>(routes)) {
    const templates = route.path.includes('{') ? variable : literal;
    const template = templates.get(route.path) ?? { segments: route.path.split('/'), methods: new Map() };
    if (isRouteId(id)) template.methods.set(route.method, id);
    templates.set(route.path, template);
  }
  const find = (path: string) => {
    const template = literal.get(path);
    if (template !== undefined) return { template, params: NO_PARAMS };
    const segments = path.split('/', SEGMENTS_MAX);
    for (const candidate of variable.values()) {
      const params = matchTemplate(candidate, segments);
      if (params !== undefined) return { template: candidate, params };
    }
    return undefined;
  };
  return (method, path) => {
    const match = find(path);
    if (match === undefined) return { found: false, allowed: [] };
    const id = match.template.methods.get(method === 'HEAD' ? 'GET' : method);
    if (id === undefined) return { found: false, allowed: allowedOf(match.template.methods) };
    return { found: true, id, params: match.params };
  };
}
