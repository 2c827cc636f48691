import { needsOfGraphql, needsOfOctokit, needsOfRestPath } from './api-needs.ts';
import type { ScopeAccess } from './need.ts';

/** One call of the interface in JavaScript; `scopes` is undefined when nobody knows what it needs. */
export interface ScriptCall {
  readonly by: string;
  readonly scopes: readonly ScopeAccess[] | undefined;
}

const CODE_CHARS_MAX = 100_000;
const CALLS_MAX = 200;
const METHOD =
  /\b(?:github|octokit)\s{0,20}\.\s{0,20}(?:rest\s{0,20}\.\s{0,20})?([a-zA-Z]{3,30})\s{0,20}\.\s{0,20}([a-zA-Z]{3,60})/g;
const REQUEST =
  /\.\s{0,9}request\s{0,9}\(\s{0,20}["'`](?:(GET|POST|PUT|PATCH|DELETE|HEAD)\s+)?([^"'`\s]{1,300})/g;
const GRAPHQL = /\bgraphql\s{0,9}\(/;
const PUSHES = /\bgit["'`]?[\s,[]{1,10}["'`]?push\b/;
const LOADS = /\brequire\s{0,9}\(\s{0,9}["'`][./$~]|\brequire\s{0,9}\(\s{0,9}[^"'`)\s]|\bimport\s{0,9}\(/;

/** `{owner}/{repo}` as Octokit writes it. */
function asPath(path: string): string {
  return path.replace('{owner}/{repo}', 'owner/name').replace(/\{[^}]{0,50}\}/g, '1');
}

/** What the code of actions/github-script calls. */
export function callsInJavaScript(script: string): readonly ScriptCall[] {
  const code = script.slice(0, CODE_CHARS_MAX);
  const calls: ScriptCall[] = [];
  for (const [, namespace = '', method = ''] of [...code.matchAll(METHOD)].slice(0, CALLS_MAX)) {
    if (namespace === 'rest' || namespace === 'graphql') continue;
    if (['hook', 'log', 'auth', 'paginate', 'context', 'event', 'request'].includes(namespace)) continue;
    calls.push({ by: `${namespace}.${method}`, scopes: needsOfOctokit(namespace, method) });
  }
  for (const [, method = 'GET', path = ''] of [...code.matchAll(REQUEST)].slice(0, CALLS_MAX))
    calls.push({ by: `${method} ${path}`, scopes: needsOfRestPath(method, asPath(path)) });
  if (GRAPHQL.test(code)) calls.push({ by: 'graphql', scopes: needsOfGraphql(code) });
  if (PUSHES.test(code)) calls.push({ by: 'git push', scopes: [{ scope: 'contents', access: 'write' }] });
  if (LOADS.test(code)) calls.push({ by: 'code from another file', scopes: undefined });
  return calls;
}
