import type { Actor } from '../trigger.ts';

/** What stands at a place of a webhook's body, and whether people outside of the project write it. */
interface WebhookValue {
  readonly what: string;
  readonly byOutsiders: boolean;
}

type Row = readonly [pattern: RegExp, what: string, byOutsiders: boolean];

/*
 * The bodies that GitHub, Gitea, GitLab and Bitbucket send. Paths are in lower case, `*` stands for a number. What is
 * not here is given by the platform in a form that carries no code: hashes, numbers, names of accounts.
 */
const ROWS: readonly Row[] = [
  [/^pull_?request\.title$/, 'the title of the pull request', true],
  [/^pull_?request\.(?:body|description)$/, 'the text of the pull request', true],
  [/^pull_?request\.head\.(?:ref|label)$/, 'the name of the branch', true],
  [/^pull_?request\.head\.repo\.(?:default_branch|description|homepage)$/, 'a text of the fork', true],
  [/^pullrequest\.source\.branch\.name$/, 'the name of the branch', true],
  [/^pullrequest\.fromref\.(?:displayid|id)$/, 'the name of the branch', true],
  [/^pullrequest\.(?:rendered|summary)\b.*$/, 'the text of the pull request', true],
  [/^pull_?request$/, 'the pull request as a whole', true],
  [/^issue\.title$/, 'the title of the issue', true],
  [/^issue\.body$/, 'the text of the issue', true],
  [/^comment\.(?:body|text|content\.(?:raw|html))$/, 'the text of the comment', true],
  [/^review\.body$/, 'the text of the review', true],
  [/^discussion\.(?:title|body)$/, 'the text of the discussion', true],
  [/^pages\.\*\.(?:page_name|title)$/, 'the name of a wiki page', true],
  [/^object_attributes\.title$/, 'the title of the merge request', true],
  [/^object_attributes\.description$/, 'the text of the merge request', true],
  [/^object_attributes\.note$/, 'the text of the comment', true],
  [/^object_attributes\.source_branch$/, 'the name of the branch', true],
  [/^object_attributes\.last_commit\.(?:message|title|author\.name)$/, 'the message of the commit', true],
  [/^merge_request\.(?:title|description|source_branch)$/, 'a text of the merge request', true],
  [/^(?:head_commit|commits\.\*|commit)\.(?:message|title)$/, 'the message of the commit', false],
  [
    /^(?:head_commit|commits\.\*)\.(?:author|committer)\.(?:name|email)$/,
    'the name of who wrote the commit',
    false,
  ],
  [/^(?:ref|base_ref|ref_name)$/, 'the name of the pushed branch or tag', false],
  [/^push\.changes\.\*\.new\.name$/, 'the name of the pushed branch', false],
  [/^changes\.\*\.ref\.(?:displayid|id)$/, 'the name of the pushed branch', false],
  [/^release\.(?:name|body|tag_name)$/, 'a text of the release', false],
  [/^client_payload\b.*$/, 'a field of the dispatched event', false],
];

const PATH_CHARACTERS_MAX = 200;

/** By the path behind `body.`; undefined for what carries no code. */
export function webhookValue(path: string): WebhookValue | undefined {
  if (path.length > PATH_CHARACTERS_MAX) return undefined;
  const row = ROWS.find(([pattern]) => pattern.test(path));
  return row === undefined ? undefined : { what: row[1], byOutsiders: row[2] };
}

const FOREIGN_CODE =
  /\b(?:pull_?request\.(?:head\.(?:sha|ref|repo)|source\.(?:commit|branch)|fromref)|object_attributes\.(?:last_commit\.id|source_branch|source\.)|merge_request\.(?:last_commit|source_branch))/i;

/** True when the text names the commit, the branch or the repository that a pull request comes from. */
export function namesForeignCode(text: string): boolean {
  return FOREIGN_CODE.test(text);
}

const OUTSIDERS_EVENT =
  /\b(?:pull_?request|pr:|merge_?request|merge request hook|note(?: hook|events)|issue|comment|discussion|fork|review)/i;

/** True when people without rights can make the event happen. */
export function isOutsidersEvent(event: string): boolean {
  return OUTSIDERS_EVENT.test(event);
}

/** Who writes a value, when outsiders that get so far are `outsiders`. */
export function writerOf(value: WebhookValue, outsiders: Actor): Actor {
  return value.byOutsiders ? outsiders : 'member';
}
