import { packageKey } from '../tracking/anchor.ts';
import type { ReportedFinding } from '../reported-finding.ts';
import type { FindingRank, SearchColumns } from './ports.ts';

const TEXT_CHARS_MAX = 1_000;
const ALIASES_MAX = 20;
const WORDS_MAX = 8;

/** What words are looked for in, in lower case: never the description, whose words are everybody's. */
export function searchTextOf({ title, ruleId, place, aliases, tool }: ReportedFinding): string {
  const { file, resource, url, image, symbol, package: part } = place;
  const named = [title, ruleId, file, part?.name, resource, url, image, symbol, tool];
  const all = [...named, ...aliases.slice(0, ALIASES_MAX)].filter((each) => each !== undefined);
  return all
    .map((each) => each.slice(0, TEXT_CHARS_MAX))
    .join(' ')
    .toLowerCase()
    .slice(0, TEXT_CHARS_MAX)
    .toWellFormed();
}

/** The words of a question; all of them have to be there. */
export function searchWords(text: string): readonly string[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return [...new Set(words)].slice(0, WORDS_MAX);
}

/** Findings can mean the same only where this is the same: the package that has a flaw, or the file. */
export function subjectOf({ kind, place }: ReportedFinding): string | undefined {
  if (place.package !== undefined && (kind === 'dependency' || kind === 'container')) {
    return packageKey(place.package);
  }
  return place.file;
}

export function searchColumnsOf(finding: ReportedFinding, rank: FindingRank): SearchColumns {
  const subject = subjectOf(finding);
  return { ...rank, text: searchTextOf(finding), ...(subject !== undefined && { subject }) };
}
