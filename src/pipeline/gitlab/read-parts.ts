import type { EnvironmentUse, Guard, ImageUse, Runner, Variable } from '../model.ts';
import { parseImageReference } from '../reference.ts';
import type { ScalarNode } from '../yaml/node.ts';
import { parseCondition } from './conditions.ts';
import type { Configuration } from './configuration.ts';
import { textOf } from './inputs.ts';
import { type Merged, memberOf, membersOf, scalarOf, wordOf } from './merged.ts';
import type { CacheUse, IdentityToken, Report, RuleClause, Rules } from './model.ts';

/** Two forms: `NAME: value`, and `NAME: { value: …, description: … }`. */
export function readVariables(value: Merged | undefined): Variable[] {
  return membersOf(value).map(([name, member]) => ({
    name,
    key: member.key,
    value: textOf(member.value.members === undefined ? member.value : memberOf(member.value, 'value')),
    node: member.value.node,
  }));
}

/** A variable of the job stands before one of the same name outside. */
export function joinVariables(inner: readonly Variable[], outer: readonly Variable[]): Variable[] {
  const names = new Set(inner.map(({ name }) => name));
  return [...inner, ...outer.filter(({ name }) => !names.has(name))];
}

export function readImage(value: Merged | undefined): ImageUse | undefined {
  const text = textOf(value?.members === undefined ? value : memberOf(value, 'name'));
  if (value === undefined || text === undefined || text.value === '') return undefined;
  const parsed = parseImageReference(text.value);
  // `$NAME` without braces is a variable here, too.
  const computed = parsed.pin !== 'digest' && text.value.includes('$');
  const reference = computed ? { ...parsed, pin: 'computed' as const } : parsed;
  return { node: value.node, text, reference, credentials: [] };
}

export function readImages(value: Merged | undefined, configuration: Configuration): ImageUse[] {
  return configuration.items(value).flatMap((each) => readImage(each) ?? []);
}

export function readEnvironment(value: Merged | undefined): EnvironmentUse | undefined {
  const name = textOf(value?.members === undefined ? value : memberOf(value, 'name'));
  return value === undefined || name === undefined || name.value === ''
    ? undefined
    : { node: value.node, name };
}

/** Tags of GitLab's own machines begin with `saas-`; without tags any machine that takes such jobs may do it. */
export function readRunner(value: Merged | undefined, configuration: Configuration): Runner | undefined {
  if (value === undefined) return undefined;
  const labels = configuration.items(value).flatMap((each) => textOf(each) ?? []);
  const hosted = labels.length > 0 && labels.every((label) => label.value.startsWith('saas-'));
  return { node: value.node, labels, group: undefined, hosting: hosted ? 'hosted' : 'unknown' };
}

function readClause(value: Merged, configuration: Configuration): RuleClause {
  const text = wordOf(configuration.get(value, 'if'));
  const condition = text === undefined ? undefined : parseCondition(text);
  const asksForFiles = (['changes', 'exists'] as const).find((each) => memberOf(value, each) !== undefined);
  return {
    if: condition,
    uncertain: (text !== undefined && condition === undefined) || asksForFiles !== undefined,
    when: wordOf(configuration.get(value, 'when')) ?? 'on_success',
    place: { source: value.source, span: value.node },
    asksForFiles,
  };
}

function readWords(value: Merged | undefined, configuration: Configuration): string[] {
  const list = value?.members === undefined ? value : memberOf(value, 'refs');
  return configuration.items(list).flatMap((each) => wordOf(each) ?? []);
}

export function readRules(value: Merged | undefined, configuration: Configuration): Rules {
  const rules = memberOf(value, 'rules');
  if (rules !== undefined) {
    const clauses = configuration.items(rules).filter((each) => each.members !== undefined);
    return { kind: 'rules', clauses: clauses.map((each) => readClause(each, configuration)) };
  }
  const [only, except] = [configuration.get(value, 'only'), configuration.get(value, 'except')];
  if (only === undefined && except === undefined) return { kind: 'none' };
  return {
    kind: 'legacy',
    only: readWords(only, configuration),
    except: readWords(except, configuration),
  };
}

/** The only condition of a job, where it has one clause that can be told as an expression. */
export function readGuard(value: Merged | undefined, configuration: Configuration): Guard | undefined {
  const [only, ...others] = configuration.items(memberOf(value, 'rules'));
  const text = others.length > 0 ? undefined : textOf(configuration.get(only, 'if'));
  return text === undefined ? undefined : { text, expression: undefined, alwaysTrue: false };
}

export function readNeeds(value: Merged | undefined, configuration: Configuration): ScalarNode[] {
  return configuration
    .items(value)
    .flatMap((each) => scalarOf(each) ?? scalarOf(memberOf(each, 'job')) ?? []);
}

export function readIdentityTokens(value: Merged | undefined, configuration: Configuration): IdentityToken[] {
  return membersOf(value).map(([name, { key, source, value: token }]) => ({
    name,
    audiences: configuration.items(memberOf(token, 'aud')).flatMap((each) => textOf(each) ?? []),
    source,
    span: key,
  }));
}

function readCache(value: Merged, configuration: Configuration): CacheUse | undefined {
  if (value.members === undefined) return undefined;
  const key = configuration.get(value, 'key');
  const files = configuration.items(memberOf(key, 'files')).flatMap((each) => wordOf(each) ?? []);
  const unprotect = value.members.get('unprotect');
  const open = unprotect !== undefined && wordOf(unprotect.value) === 'true';
  return {
    key: textOf(key?.members === undefined ? key : memberOf(key, 'prefix')),
    keyFiles: files,
    policy: wordOf(configuration.get(value, 'policy')) ?? 'pull-push',
    unprotected: open ? { source: unprotect.source, span: unprotect.key } : undefined,
    source: value.source,
    span: value.node,
  };
}

export function readCaches(value: Merged | undefined, configuration: Configuration): CacheUse[] {
  return configuration.items(value).flatMap((each) => readCache(each, configuration) ?? []);
}

export function readReports(artifacts: Merged | undefined, configuration: Configuration): Report[] {
  return membersOf(configuration.get(artifacts, 'reports')).map(([kind, { key, source, value }]) => ({
    kind,
    paths: configuration.items(value).flatMap((each) => wordOf(each) ?? []),
    place: { source, span: key },
  }));
}
