import { needsOfGraphql, needsOfRestPath } from './api-needs.ts';
import { readScopes, type ScopeAccess } from './need.ts';

/** Commands of GitHub’s command line, and what their calls need. `*` is any other subcommand. */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pr: {
    create: 'contents:r pull-requests:w',
    merge: 'contents:w pull-requests:w',
    'update-branch': 'contents:w pull-requests:w',
    revert: 'contents:w pull-requests:w',
    comment: 'pull-requests:w',
    review: 'pull-requests:w',
    edit: 'pull-requests:w',
    close: 'pull-requests:w',
    reopen: 'pull-requests:w',
    ready: 'pull-requests:w',
    lock: 'pull-requests:w',
    unlock: 'pull-requests:w',
    checks: 'pull-requests:r checks:r statuses:r',
    diff: 'contents:r pull-requests:r',
    checkout: 'contents:r pull-requests:r',
    view: 'pull-requests:r',
    list: 'pull-requests:r',
    status: 'pull-requests:r',
  },
  issue: {
    view: 'issues:r',
    list: 'issues:r',
    status: 'issues:r',
    develop: 'contents:w issues:w',
    '*': 'issues:w',
  },
  release: {
    view: 'contents:r',
    list: 'contents:r',
    download: 'contents:r',
    verify: 'contents:r attestations:r',
    'verify-asset': 'contents:r attestations:r',
    '*': 'contents:w',
  },
  run: {
    view: 'actions:r',
    list: 'actions:r',
    watch: 'actions:r',
    download: 'actions:r',
    rerun: 'actions:w',
    cancel: 'actions:w',
    delete: 'actions:w',
  },
  workflow: {
    view: 'actions:r',
    list: 'actions:r',
    run: 'actions:w',
    enable: 'actions:w',
    disable: 'actions:w',
  },
  cache: { list: 'actions:r', delete: 'actions:w' },
  label: { list: 'issues:r', '*': 'issues:w' },
  attestation: { '*': 'attestations:r' },
  repo: { view: 'contents:r', clone: 'contents:r', list: '', sync: 'contents:w', 'set-default': '' },
  auth: { '*': '' },
  config: { '*': '' },
  search: { '*': '' },
  alias: { '*': '' },
  extension: { '*': '' },
  version: { '*': '' },
};

const WORDS_MAX = 60;
/** Options of `gh api` that carry a value. */
const METHOD_OPTION = /(?:^|\s)(?:-X|--method)[\s=]{0,5}["']?(GET|POST|PUT|PATCH|DELETE|HEAD)\b/i;
const FIELD_OPTION = /\s(?:-f|-F|--field|--raw-field|--input)[\s=]/;
const VALUE_OPTIONS =
  /^(?:-X|--method|-H|--header|-f|-F|--field|--raw-field|--input|-q|--jq|-t|--template|-p|--preview|--cache|--hostname)$/;

function pathOfCall(words: readonly string[]): string | undefined {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (VALUE_OPTIONS.test(word)) index += 1;
    else if (!word.startsWith('-')) return word;
  }
  return undefined;
}

/** Words as a shell sees them; quotes only keep words together. */
export function wordsOf(code: string): string[] {
  return (code.match(/(?:"[^"]*"|'[^']*'|\$\{\{[^}]*\}\}|[^\s"'])+/g) ?? [])
    .slice(0, WORDS_MAX)
    .map((word) => word.replace(/^["']|["']$/g, ''));
}

function needsOfApi(code: string, words: readonly string[]): readonly ScopeAccess[] | undefined {
  const path = pathOfCall(words);
  if (path === undefined) return undefined;
  if (path === 'graphql') return needsOfGraphql(code);
  const method = METHOD_OPTION.exec(code)?.[1] ?? (FIELD_OPTION.test(code) ? 'POST' : 'GET');
  return needsOfRestPath(
    method,
    path.replace('{owner}/{repo}', 'owner/name').replace(':owner/:repo', 'owner/name'),
  );
}

/** What one `gh …` needs; undefined when it is an extension, or computed. */
export function needsOfGh(code: string): readonly ScopeAccess[] | undefined {
  const [, group = '', ...rest] = wordsOf(code);
  if (group === 'api') return needsOfApi(code, rest);
  if (group === '' || group.startsWith('--')) return [];
  const known = Object.hasOwn(COMMANDS, group) ? COMMANDS[group] : undefined;
  const subcommand = rest.find((word) => !word.startsWith('-')) ?? '*';
  const scopes = known === undefined ? undefined : (known[subcommand] ?? known['*']);
  if (scopes === undefined) return undefined;
  // `addLabelsToLabelable` refuses a token without `issues: write` for pull requests, too (cli/cli#4631).
  const labels = group === 'pr' && /\s--(?:add|remove)-label\b/.test(code);
  return readScopes(labels ? `${scopes} issues:w` : scopes);
}
