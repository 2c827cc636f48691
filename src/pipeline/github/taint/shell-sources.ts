import type { Shape } from '../untrusted-contexts.ts';

/** Something that a script asks for, and that an outsider wrote. */
export interface ShellSource {
  /** In words. */
  readonly what: string;
  readonly shape: Shape;
  /** Whether it can have several lines. */
  readonly lines: boolean;
  /**
   * Where it comes from: texts that the platform keeps, whoever starts the run; the event; or the working copy,
   * which is an outsider’s only when their code was checked out.
   */
  readonly from: 'platform' | 'event' | 'checkout';
}

interface KnownSource extends ShellSource {
  readonly command: RegExp;
  readonly asks: RegExp;
}

/** Options before the command, `-C folder` and `-c name=value` among them. */
function git(commands: string): RegExp {
  const options = String.raw`(?:-[cC]\s+[^-\s]\S*\s+|-[^cC\s]\S*\s+){0,6}`;
  return new RegExp(String.raw`\bgit\s+${options}(?:${commands})\b`);
}

const TEXT_OF_REQUEST = 'the text of a pull request or issue';
const EVENT = /\b(?:title|body|message|label|name)\b|head\.ref|head_ref|head_branch/;

/** Commands that print what an outsider wrote; from their manuals. The first that fits holds. */
const SOURCES: readonly KnownSource[] = [
  {
    command: /\bgh\s+(?:pr|issue)\s+(?:view|list)\b/,
    asks: /\b(?:body|comments|reviews|commits)\b/,
    what: `${TEXT_OF_REQUEST} (gh)`,
    shape: 'text',
    lines: true,
    from: 'platform',
  },
  {
    command: /\bgh\s+pr\s+(?:view|diff)\b/,
    asks: /\bfiles\b|--name-only/,
    what: 'names of files in a pull request (gh)',
    shape: 'path',
    lines: true,
    from: 'platform',
  },
  {
    command: /\bgh\s+(?:pr|issue)\s+(?:view|list)\b/,
    asks: /\btitle\b/,
    what: `the title of a pull request or issue (gh)`,
    shape: 'text',
    lines: false,
    from: 'platform',
  },
  {
    command: /\bgh\s+pr\s+(?:view|list|status)\b/,
    asks: /headRefName|headRepository\b|\bstatus\b/,
    what: 'the name of a branch (gh)',
    shape: 'ref',
    lines: false,
    from: 'platform',
  },
  {
    command: /\b(?:gh\s+api|curl|wget)\b.*\/(?:pulls|issues|commits)\b/,
    asks: /\b(?:body|message|filename)\b/,
    what: `${TEXT_OF_REQUEST} (API)`,
    shape: 'text',
    lines: true,
    from: 'platform',
  },
  {
    command: /\b(?:gh\s+api|curl|wget)\b.*\/(?:pulls|issues|commits)\b/,
    asks: /\btitle\b/,
    what: `the title of a pull request or issue (API)`,
    shape: 'text',
    lines: false,
    from: 'platform',
  },
  {
    command: /\b(?:gh\s+api|curl|wget)\b.*\/(?:pulls|commits)\b/,
    asks: /head\.ref|\.ref\b/,
    what: 'the name of a branch (API)',
    shape: 'ref',
    lines: false,
    from: 'platform',
  },
  {
    command: /\bGITHUB_EVENT_PATH\b/,
    asks: /\b(?:body|message)\b/,
    what: 'the text of the event (GITHUB_EVENT_PATH)',
    shape: 'text',
    lines: true,
    from: 'event',
  },
  {
    command: /\bGITHUB_EVENT_PATH\b/,
    asks: EVENT,
    what: 'the event (GITHUB_EVENT_PATH)',
    shape: 'text',
    lines: false,
    from: 'event',
  },
  {
    command: git('log|show'),
    asks: /%[sbBN]|%a[neE]|%c[neE]|--oneline|--(?:pretty|format)=(?:medium|full|raw)/,
    what: 'messages of commits (git log)',
    shape: 'text',
    lines: true,
    from: 'checkout',
  },
  {
    command: git('diff|diff-tree|show|log|ls-files'),
    asks: /--name-only|--name-status|ls-files/,
    what: 'names of files (git diff)',
    shape: 'path',
    lines: true,
    from: 'checkout',
  },
];

const ASKERS = /^(?:gh|curl|wget|git)$/;

/** The part of a command that says what of the answer is wanted; all of it where it does not say. */
function wantedOf(text: string): string {
  const filter = /(?:--jq|-q|\bjq\b)[= ](.*)$/.exec(text)?.[1] ?? '';
  return /\.[A-Za-z_]\w/.test(filter) ? filter : text;
}

/** What a command prints, with the filters behind it; undefined when no outsider writes it. */
export function findShellSource(program: string, command: string): ShellSource | undefined {
  const text = command.slice(0, 2_000);
  const readsEvent = text.includes('GITHUB_EVENT_PATH') && !/^(?:echo|printf)$/.test(program);
  if (!ASKERS.test(program) && !readsEvent) return undefined;
  const wanted = wantedOf(text);
  return SOURCES.find((known) => known.command.test(text) && known.asks.test(wanted));
}
