import type { Shape } from '../untrusted-contexts.ts';

/** Something that a script reads from outside, in words. */
export interface ShellSource {
  readonly what: string;
  readonly shape: Shape;
}

/** Commands that print what an outsider wrote; from their manuals. */
const SOURCES: readonly (readonly [RegExp, ShellSource])[] = [
  [
    /\bgh\s+(?:pr|issue)\s+(?:view|list)\b.*(?:title|body|comments)/,
    { what: 'the text of a pull request or issue (gh)', shape: 'text' },
  ],
  [
    /\bgh\s+(?:pr\s+(?:view|list)\b.*(?:headRefName|headRepository\b)|pr\s+status\b)/,
    { what: 'the name of a branch (gh)', shape: 'ref' },
  ],
  [
    /\bgh\s+pr\s+(?:diff\b.*--name-only|view\b.*\bfiles\b)/,
    { what: 'names of files in a pull request (gh)', shape: 'path' },
  ],
  [
    /\b(?:gh\s+api|curl)\b.*\/(?:pulls|issues|commits)\b.*(?:title|body|message|filename|head\.ref|\.ref\b)/,
    { what: 'the text of a pull request or issue (API)', shape: 'text' },
  ],
  [
    /\bGITHUB_EVENT_PATH\b.*(?:title|body|message|head\.ref|head_ref|head_branch|\.label)|(?:title|body|message|head\.ref|head_ref|head_branch|\.label).*\bGITHUB_EVENT_PATH\b/,
    { what: 'the text of the event (GITHUB_EVENT_PATH)', shape: 'text' },
  ],
  [
    /\bgit\s+(?:-\S+\s+)*(?:log|show)\b.*(?:%[sbBN]|%a[neE]|%c[neE]|--oneline)/,
    { what: 'messages of commits (git log)', shape: 'text' },
  ],
  [
    /\bgit\s+(?:-\S+\s+)*(?:diff|diff-tree|ls-files)\b.*(?:--name-only|--name-status|ls-files)/,
    { what: 'names of files (git diff)', shape: 'path' },
  ],
];

export function findShellSources(line: string): ShellSource[] {
  return SOURCES.flatMap(([pattern, source]) => (pattern.test(line.slice(0, 2_000)) ? [source] : []));
}
