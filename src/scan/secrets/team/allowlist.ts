import type { GitleaksAllowlist } from './gitleaks-schema.ts';

/** What an allow list is asked about. */
export interface AllowQuestion {
  readonly file: string;
  readonly value: string;
  readonly match: string;
  readonly line: () => string;
  readonly commit?: string | undefined;
}

/** A list of what a team lets stay, as gitleaks reads it. */
export interface Allowlist {
  /** Rules of gitleaks that it is for; all when it is empty. */
  readonly targets: readonly string[];
  /** Whether a file is not looked at, whatever stands in it. */
  readonly allowsFile: (file: string) => boolean;
  readonly allows: (question: AllowQuestion) => boolean;
}

function joinPatterns(sources: readonly string[], translate: (source: string) => RegExp | undefined) {
  const expressions = sources.flatMap((source) => translate(source) ?? []);
  return (text: string) => expressions.some((expression) => expression.test(text));
}

/** A pattern that `translate` refuses is left out: it allows nothing, which is the safe side. */
export function compileAllowlist(
  list: GitleaksAllowlist,
  translate: (source: string) => RegExp | undefined,
): Allowlist {
  const { paths = [], regexes = [], stopwords = [], commits = [], targetrules = [] } = list;
  const isPath = joinPatterns(paths, translate);
  const isText = joinPatterns(regexes, translate);
  const words = stopwords.map((word) => word.toLowerCase());
  const shas = new Set(commits.map((commit) => commit.trim().toLowerCase()));
  const all = ['and', '&&'].includes((list.condition ?? '').toLowerCase());
  const target = ({ value, match, line }: AllowQuestion) => {
    if (list.regextarget === 'match') return match;
    return list.regextarget === 'line' ? line() : value;
  };
  const hasWord = (value: string) => words.some((word) => value.toLowerCase().includes(word));
  return {
    targets: targetrules,
    allowsFile: (file) =>
      paths.length > 0 && isPath(file) && (!all || regexes.length + stopwords.length + commits.length === 0),
    allows: (question) => {
      const commit = question.commit !== undefined && shas.has(question.commit.toLowerCase());
      if (!all) {
        return commit || isPath(question.file) || isText(target(question)) || hasWord(question.value);
      }
      return (
        (commits.length === 0 || commit) &&
        (paths.length === 0 || isPath(question.file)) &&
        (regexes.length === 0 || isText(target(question))) &&
        (stopwords.length === 0 || hasWord(question.value))
      );
    },
  };
}
