import { walkExpression } from '../expression.ts';
import { memoize } from '../memoize.ts';
import type { ActionUse, Script, Step } from '../model.ts';
import { commandsOfText, type ShellCommand, withoutPrefixes } from '../shell-commands.ts';
import type { Span } from '../source.ts';
import type { Text } from '../text.ts';
import {
  asksForHead,
  classifyExpression,
  classifyVariable,
  type GivenInputs,
  type HeadName,
  type HeadPlace,
} from './head-names.ts';

export interface HeadUse extends HeadName {
  readonly span: Span;
  /** The folder of the workspace that the code is put into; undefined for the workspace itself. */
  readonly folder: string | undefined;
}

const PULL_REF = /refs\/(?:remotes\/)?pull\/|^pull\//;
const BY_NUMBER: HeadName = { reference: 'pull-ref', certain: true, lookedUp: true, payload: 'any' };

/** How the ref or the repository of a checkout names a pull request's code. */
function readReference(text: Text | undefined, place: HeadPlace): HeadName | undefined {
  if (text === undefined) return undefined;
  for (const expression of text.expressions) {
    if (PULL_REF.test(text.value)) return BY_NUMBER;
    const found = classifyExpression(expression, place);
    if (found !== undefined) return found;
    if (!expression.parsed.ok) continue;
    for (const node of walkExpression(expression.parsed.root)) {
      const isPull = node.kind === 'literal' && typeof node.value === 'string' && PULL_REF.test(node.value);
      if (isPull) return BY_NUMBER;
    }
  }
  return undefined;
}

/** What `actions/checkout` takes from a pull request; undefined when it takes nothing of it. */
export function findHeadCheckout(use: ActionUse, step: Step, given?: GivenInputs): HeadUse | undefined {
  const input = (name: string) => use.inputs.find((each) => each.name.toLowerCase() === name)?.value;
  const place: HeadPlace = { job: step.job, step, given };
  const path = input('path');
  const folder =
    path?.isConstant === true ? path.value.replace(/^(?:\.\/)+|\/+$/g, '').trim() || undefined : undefined;
  for (const text of [input('ref'), input('repository')]) {
    const name = readReference(text, place);
    if (text !== undefined && name !== undefined) return { ...name, span: text.node, folder };
  }
  return undefined;
}

const SHELL_VARIABLE = /\$\{?([A-Za-z_]\w*)/g;
const GIT = String.raw`^git(?:\s+-[cC]\s+\S{1,200}|\s+-\S{1,200}){0,9}\s+`;
/** Changes no file by itself. */
const FETCHES = new RegExp(`${GIT}fetch\\b`);
const TAKES_CODE = new RegExp(
  `${GIT}(?:pull|checkout|switch|reset|merge|rebase|clone|worktree|cherry-pick|restore|read-tree)\\b`,
);
const APPLIES = new RegExp(`${GIT}(?:apply|am)\\b`);
const PATCH = /\bgh\s{1,9}pr\s{1,9}diff\b|\/pull\/\S{1,100}\.(?:diff|patch)\b/;
const TAKES_PULL_REQUEST = /^(?:gh|hub)\s+pr\s+checkout\b/;
/** A new branch that is called like another takes nothing from it. */
const NAMES_BRANCH = /^git\s+(?:checkout|switch)\s+-[bBcC]\s+\S{1,300}$/;
/** The name that a fetch gives what it got: `pull/7/head:name`. */
const LOCAL_NAME = /\/(?:head|merge):(?:refs\/(?:heads|remotes)\/)?([^\s"']{2,200})/;
const NAMED_MAX = 100;
/** Each one is looked at against every expression of the script. */
const COMMANDS_MAX = 100;

/** Shell variables that a script fills with what it asked the platform for. */
function askedFor(commands: readonly ShellCommand[], script: Script): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { code, start } of commands) {
    const name = /^(?:export\s+|local\s+|readonly\s+)?([A-Za-z_]\w*)=/.exec(code)?.[1];
    if (name === undefined || names.size >= NAMED_MAX) continue;
    const line = script.text.value.slice(start, start + 500).split('\n', 1)[0] ?? '';
    if (asksForHead(line)) names.add(name);
  }
  return names;
}

/** What a command of git names: an expression, or a variable that was given or asked for one. */
function classifyCommand(
  { code, start }: ShellCommand,
  script: Script,
  place: HeadPlace,
  asked: ReadonlySet<string>,
): HeadName | undefined {
  const end = start + code.length;
  const inside = script.text.expressions.filter(({ outer }) => outer.start >= start && outer.start < end);
  const direct = inside.map((each) => classifyExpression(each, place)).find((each) => each !== undefined);
  if (direct !== undefined) return direct;
  for (const [, name = ''] of code.matchAll(SHELL_VARIABLE)) {
    if (asked.has(name)) return { reference: 'commit', certain: true, lookedUp: true, payload: 'any' };
    const found = classifyVariable(name, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Names that a step gives to what it fetches of a pull request. */
const namesFetchedBy = memoize(({ work }: Step): readonly string[] => {
  if (work.kind !== 'script' || !work.text.value.includes('pull/')) return [];
  const fetches = commandsOfText(work.text).filter(({ code }) => /\bfetch\b.*\bpull\//.test(code));
  const names = fetches.slice(0, FETCHES_MAX).map(({ code }) => LOCAL_NAME.exec(code)?.[1] ?? 'FETCH_HEAD');
  return [...new Set(names)];
});

const STEPS_MAX = 200;
const FETCHES_MAX = 50;

/** What a command that changes the workspace takes: something named here, or fetched before. */
function classifyTaking(command: ShellCommand, script: Script, place: HeadPlace, asked: ReadonlySet<string>) {
  const { code } = command;
  if (TAKES_PULL_REQUEST.test(code)) return BY_NUMBER;
  if (APPLIES.test(code)) return PATCH.test(script.text.value) ? BY_NUMBER : undefined;
  if (!TAKES_CODE.test(code) || NAMES_BRANCH.test(code)) return undefined;
  if (/\bpull\//.test(code)) return BY_NUMBER;
  return classifyCommand(command, script, place, asked);
}

/** A script that brings the code of a pull request into the workspace. */
export function findHeadFetch(script: Script, step: Step, given?: GivenInputs): HeadUse | undefined {
  const { value } = script.text;
  if (!/\bgit\b|\bpr\s{1,9}checkout\b/.test(value)) return undefined;
  const all = commandsOfText(script.text);
  const commands = all.map(withoutPrefixes).filter(({ code }) => /^(?:git|gh|hub)\s/.test(code));
  const place: HeadPlace = { job: step.job, step, given };
  const asked = commands.length === 0 ? new Set<string>() : askedFor(all, script);
  const earlier = step.job.steps.slice(Math.max(0, step.index - STEPS_MAX), step.index + 1);
  const fetched = [...new Set(earlier.flatMap(namesFetchedBy))].slice(0, FETCHES_MAX);
  let pending: HeadName | undefined;
  for (const command of commands.slice(0, COMMANDS_MAX)) {
    const { code, start } = command;
    if (FETCHES.test(code)) {
      pending ??= /\bpull\//.test(code) ? BY_NUMBER : classifyCommand(command, script, place, asked);
      continue;
    }
    const takesFetched = TAKES_CODE.test(code) && fetched.some((name) => code.includes(name));
    const takesPending = TAKES_CODE.test(code) && /\bFETCH_HEAD\b|\$/.test(code) ? pending : undefined;
    const name =
      classifyTaking(command, script, place, asked) ?? takesPending ?? (takesFetched ? BY_NUMBER : undefined);
    if (name === undefined) continue;
    return { ...name, span: script.text.span(start, start + code.length), folder: undefined };
  }
  return undefined;
}
