import type { Flow } from '../kubernetes/flow.ts';
import { annotationOf, type Manifest } from '../kubernetes/manifest.ts';
import { actorOf } from '../kubernetes/flow.ts';
import { webhookValue, writerOf } from '../kubernetes/webhook-values.ts';
import type { Start } from '../surface.ts';
import { isOutsider } from '../trigger.ts';

const PREFIX = 'pipelinesascode.tekton.dev/';
const ANNOTATIONS = ['on-event', 'on-cel-expression', 'on-comment', 'on-label'] as const;

/** `[a, b]` or `a`, as annotations write lists. */
export function listOf(manifest: Manifest, name: string): string[] {
  const value = annotationOf(manifest, PREFIX + name)?.value.slice(0, 5000) ?? '';
  const inner = /^\s*\[([^\]]*)\]\s*$/.exec(value)?.[1] ?? value;
  return inner
    .split(',')
    .map((each) => each.trim().replaceAll(/^["']|["']$/g, ''))
    .filter((each) => each !== '');
}

export function isPipelinesAsCode(manifest: Manifest): boolean {
  return ANNOTATIONS.some((name) => annotationOf(manifest, PREFIX + name) !== undefined);
}

const PRODUCTION = /(?:^|\/|["'])(?:main|master|prod(?:uction)?|release|stable|tags)(?:$|[/\-.*"'])/;

/** Somebody of the project lets it run first: by `/ok-to-test`, or by being the one who comments. */
function pullRequest(what: string): Start {
  return {
    what,
    actor: 'contributor-with-approval',
    code: 'head',
    authority: 'full',
    production: false,
    setting: undefined,
  };
}

function push(production: boolean): Start {
  return {
    what: 'a push',
    actor: 'member',
    code: 'pushed',
    authority: 'full',
    production,
    setting: undefined,
  };
}

/** Pull requests of the project’s own branches: only people who may push to it open them. */
const OWN_BRANCHES =
  /\bsource_url\s*==\s*target_url|\btarget_url\s*==\s*source_url|head\.repo\.full_name\s*==|head\.repo\.fork\s*==\s*false|!\s*body\.pull_request\.head\.repo\.fork|author_association\s*(?:==|in\b)/;

function startsOfCondition(condition: string): Start[] {
  const named = {
    pull: /["'](?:pull|merge)_request\b/i.test(condition) && !/event\s*!=\s*["']pull_request/.test(condition),
    push: /["'](?:push|incoming)["']/i.test(condition),
  };
  // Without an event the fields that are asked for tell it: only pull requests have theirs.
  const isUnnamed = !named.pull && !named.push;
  const isPull = isUnnamed && /\b(?:pull|merge)_request\b/i.test(condition);
  const own = OWN_BRANCHES.test(condition);
  const request = pullRequest('a pull request');
  return [
    ...(named.pull || isUnnamed ? [own ? { ...request, actor: 'member' as const } : request] : []),
    ...(named.push || (isUnnamed && !isPull)
      ? [push(named.push && !named.pull && PRODUCTION.test(condition))]
      : []),
  ];
}

/** What makes Pipelines as Code start a run, by the annotations of its definition. */
export function startsByAnnotations(manifest: Manifest): Start[] {
  const condition = annotationOf(manifest, `${PREFIX}on-cel-expression`)?.value;
  // A condition stands before all others.
  if (condition !== undefined) return startsOfCondition(condition.slice(0, 10_000));
  const events = listOf(manifest, 'on-event');
  const production = listOf(manifest, 'on-target-branch').some((branch) =>
    PRODUCTION.test(branch.slice(0, 200)),
  );
  const starts: Start[] = [];
  if (events.some((event) => /^(?:pull|merge)_request/i.test(event)))
    starts.push(pullRequest('a pull request'));
  if (listOf(manifest, 'on-comment').length > 0) starts.push(pullRequest('a comment on a pull request'));
  if (listOf(manifest, 'on-label').length > 0 && starts.length === 0) {
    starts.push(pullRequest('a label of a pull request'));
  }
  if (events.some((event) => /^(?:push|incoming)$/i.test(event))) starts.push(push(production));
  return starts;
}

const NAMES: Readonly<Record<string, { readonly what: string; readonly outsiders: boolean }>> = {
  source_branch: { what: 'the name of the branch', outsiders: true },
  event_title: { what: 'the title of the pull request', outsiders: true },
  trigger_comment: { what: 'the text of the comment', outsiders: true },
  git_tag: { what: 'the name of the tag', outsiders: false },
  pull_request_labels: { what: 'the labels of the pull request', outsiders: false },
};

/** What Pipelines as Code puts in for `{{ path }}`, when others write it. */
export function templateValue(path: string, starts: readonly Start[]): Flow | undefined {
  const own = NAMES[path];
  const inBody = path.startsWith('body.') ? webhookValue(path.slice('body.'.length)) : undefined;
  const value = own === undefined ? inBody : { what: own.what, byOutsiders: own.outsiders };
  if (value === undefined) return undefined;
  const isKnown = starts.some(({ actor }) => actor !== 'caller');
  const outsiders = isKnown ? actorOf(starts) : 'contributor-with-approval';
  return {
    name: path,
    what: value.what,
    writtenBy: isOutsider(outsiders) ? writerOf(value, outsiders) : 'member',
    hops: [],
  };
}
