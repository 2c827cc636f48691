import { findUntrustedContext } from '../untrusted-contexts.ts';
import type { Step } from '../../model.ts';
import type { Text } from '../../text.ts';

/** What an expression of JavaScript is made of, as far as outsiders may have written it. */
export type ScriptOrigin =
  /** A path of the event, as the platform’s expressions write it. */
  | { readonly kind: 'context'; readonly path: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'file'; readonly file: string }
  /** A field of a pull request or issue that the script asked the platform for. */
  | { readonly kind: 'answer'; readonly field: string };

const CHARS_MAX = 20_000;
const STATEMENTS_MAX = 500;
const DEPTH_MAX = 5;
const STEPS_MAX = 300;
const ORIGINS_MAX = 16;
const EXPRESSIONS_MAX = 20;
const PAYLOAD = /\bcontext\.payload((?:\??\.\w{1,60}){1,8})/g;
/** What comes out is true, false, a number, or has no character left that could be code. */
const PLAIN =
  /\b(?:parseInt|Number|Boolean|encodeURIComponent|isNaN)\s*\(|\.(?:includes|startsWith|endsWith|test|indexOf|length|some|every)\b|[=!]==?[^>]/;
const ASSIGNMENT =
  /^\s*(?:export\s+)?(?:(?:const|let|var)\s+)?(\w{1,60}|\{[^{}]{1,300}\})\s*\+?=(?![=>])\s*(.*)$/;
const ANSWER = /\bdata\??\.(title|body|head\.ref)\b/;
const ASKS = /\b(?:pulls|issues)\.(?:get|list)\w*\b/;

/** The script of `actions/github-script`; undefined for any other step. */
export function javaScriptOf(step: Step): Text | undefined {
  if (step.work.kind !== 'action' || step.work.reference.repository !== 'actions/github-script')
    return undefined;
  return step.work.inputs.find(({ name }) => name.toLowerCase() === 'script')?.value;
}

interface Scope {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly asks: boolean;
  /** Names can be woven so that ways multiply. */
  readonly steps: { left: number };
}

/** `{ body, title: t } = X` gives `body` and `t` a member of X each. */
function destructure(pattern: string, value: string): [string, string][] {
  return pattern.split(',').flatMap((part): [string, string][] => {
    const match = /^\W*(\w+)\s*(?::\s*(\w+))?/.exec(part);
    return match === null ? [] : [[match[2] ?? match[1] ?? '', `${value}.${match[1] ?? ''}`]];
  });
}

function readScope(script: string): Scope {
  const values = new Map<string, string[]>();
  for (const statement of script.split(/[\n;]/, STATEMENTS_MAX)) {
    const [, target = '', value = ''] = ASSIGNMENT.exec(statement.slice(0, 1_000)) ?? [];
    if (target === '') continue;
    const pairs: [string, string][] = target.startsWith('{')
      ? destructure(target, value.trim())
      : [[target, value.trim()]];
    for (const [name, given] of pairs) {
      const before = values.get(name);
      if (before === undefined) values.set(name, [given]);
      else before.push(given);
    }
  }
  return { values, asks: ASKS.test(script), steps: { left: STEPS_MAX } };
}

/** The longest start of `.pull_request.title.trim` that outsiders write. */
function readPath(members: string): string | undefined {
  const names = members
    .replaceAll('?', '')
    .split('.')
    .filter((name) => name !== '');
  for (let length = names.length; length > 0; length -= 1) {
    const path = ['github', 'event', ...names.slice(0, length)].join('.').toLowerCase();
    if (findUntrustedContext(path)?.exact === true) return path;
  }
  return undefined;
}

/** What an expression says by itself. */
function directOrigins(text: string, asks: boolean): ScriptOrigin[] {
  const found: ScriptOrigin[] = [...text.matchAll(PAYLOAD)].flatMap((match) => {
    const path = readPath(match[1] ?? '');
    return path === undefined ? [] : [{ kind: 'context', path } as const];
  });
  for (const [, name = ''] of text.matchAll(/\bprocess\.env\.(\w{1,100})/g))
    found.push({ kind: 'variable', name });
  for (const [, file = ''] of text.matchAll(
    /\breadFile(?:Sync)?\(\s*[^'"`\n;]{0,80}['"`]([^'"`\n]{1,200})/g,
  )) {
    found.push({ kind: 'file', file });
  }
  const field = asks ? ANSWER.exec(text)?.[1] : undefined;
  return field === undefined ? found : [...found, { kind: 'answer', field }];
}

/** Names that stand by themselves, with the members that are read of them. */
const NAMES = /(?<![\w.'"$])([A-Za-z_]\w{0,60})((?:\??\.\w{1,60}){0,8})/g;

function originsOf(code: string, scope: Scope, seen: ReadonlySet<string>): ScriptOrigin[] {
  if (scope.steps.left <= 0 || seen.size > DEPTH_MAX || PLAIN.test(code)) return [];
  scope.steps.left -= 1;
  const text = code.slice(0, 1_000);
  const found = directOrigins(text, scope.asks);
  for (const [, name = '', members = ''] of text.matchAll(NAMES)) {
    const values = seen.has(name) ? undefined : scope.values.get(name);
    if (values === undefined) continue;
    const inner = new Set(seen).add(name);
    for (const value of values) found.push(...originsOf(`${value}${members}`, scope, inner));
  }
  return found.slice(0, ORIGINS_MAX);
}

/** The expressions that a script gives an output; `result` is what it returns. */
function expressionsFor(script: string, command: 'setOutput' | 'exportVariable', name: string): string[] {
  const sets = [
    ...script.matchAll(
      /\bcore\.(setOutput|exportVariable)\(\s*['"`]([\w-]{1,100})['"`]\s*,\s*([^\n]{1,500})/g,
    ),
  ];
  const set = sets.flatMap(([, how, key, value = '']) =>
    how === command && key?.toLowerCase() === name ? [value.replace(/\)\s*;?\s*$/, '')] : [],
  );
  if (command !== 'setOutput' || name !== 'result') return set;
  return [...set, ...[...script.matchAll(/\breturn\s+([^\n;]{1,500})/g)].map(([, value = '']) => value)];
}

function collectOrigins(expressions: readonly string[], script: string): ScriptOrigin[] {
  if (expressions.length === 0) return [];
  const scope = readScope(script);
  const all = expressions.slice(0, EXPRESSIONS_MAX).flatMap((code) => originsOf(code, scope, new Set()));
  return [...new Map(all.map((origin) => [JSON.stringify(origin), origin])).values()].slice(0, ORIGINS_MAX);
}

/** Where the value of an output, or of a variable that a script exports, comes from. */
export function findJavaScriptOrigins(
  text: Text,
  command: 'setOutput' | 'exportVariable',
  name: string,
): ScriptOrigin[] {
  const script = text.value.slice(0, CHARS_MAX);
  return collectOrigins(expressionsFor(script, command, name), script);
}

/** What a script puts in front of the folders in which programs are looked for. */
export function findAddedPaths(text: Text): ScriptOrigin[] {
  const script = text.value.slice(0, CHARS_MAX);
  const added = [...script.matchAll(/\bcore\.addPath\(\s*([^\n]{1,500})/g)];
  return collectOrigins(
    added.map(([, code = '']) => code),
    script,
  );
}
