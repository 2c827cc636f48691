/** Who owns which files: the last line that matches counts, in every section (GitLab) for itself. */
export interface CodeOwners {
  readonly sections: readonly OwnerSection[];
}

interface OwnerSection {
  readonly name: string;
  readonly rules: readonly OwnerRule[];
}

interface OwnerRule {
  readonly pattern: PathPattern;
  /** Empty: nobody owns these. */
  readonly owners: readonly string[];
}

/** One piece of a pattern between slashes; `**` stands for any number of folders. */
interface PathPattern {
  readonly pieces: readonly string[];
  /** Whether it begins at the root; else anywhere. */
  readonly rooted: boolean;
  /** Whether it is a folder, with all that is below it. */
  readonly folder: boolean;
}

/** GitHub reads no larger file. */
const BYTES_MAX = 3 * 1024 * 1024;
const RULES_MAX = 5_000;
const OWNERS_MAX = 50;
/** File systems allow no longer name between two slashes. */
const NAME_CHARS_MAX = 255;
const PIECES_MAX = 100;
const LINE_CHARS_MAX = 1_000;
const TESTS_MAX = 5_000_000;
const SECTION = /^\^?\[([^\]]{1,200})\](?:\[\d{1,4}\])?(?:\s|$)/;

/** Words of a line; `\ ` and `\#` are a space and a hash of a path, and a bare `#` begins a comment. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word = '';
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (character === '\\' && index + 1 < line.length) {
      index += 1;
      const next = line.charAt(index);
      word += next === ' ' || next === '#' ? next : `\\${next}`;
    } else if (character === '#' && word === '') break;
    else if (character === ' ' || character === '\t') {
      if (word !== '') words.push(word);
      word = '';
    } else word += character;
  }
  return word === '' ? words : [...words, word];
}

/** As in .gitignore: a slash in front or within ties a pattern to the root. */
function readPattern(text: string): PathPattern {
  const folder = text.endsWith('/');
  const bare = text.replace(/^\/+/, '').replace(/\/+$/, '');
  const rooted = text.startsWith('/') || bare.includes('/');
  return { pieces: bare.split('/', PIECES_MAX), rooted, folder };
}

function isOwner(word: string): boolean {
  return word.startsWith('@') || word.includes('@');
}

/**
 * Reads CODEOWNERS of GitHub or GitLab. Lines that are neither are passed over, as the platforms do; beyond 3 MB the
 * whole file is, as on GitHub.
 */
export function parseCodeOwners(text: string): CodeOwners {
  if (text.length > BYTES_MAX) return { sections: [] };
  const sections = new Map<string, { name: string; rules: OwnerRule[]; owners: readonly string[] }>();
  let section = { name: '', rules: [] as OwnerRule[], owners: [] as readonly string[] };
  sections.set('', section);
  let count = 0;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const heading = SECTION.exec(line.slice(0, 300));
    if (heading !== null) {
      const name = (heading[1] ?? '').trim();
      const owners = wordsOf(line.slice(heading[0].length)).filter(isOwner).slice(0, OWNERS_MAX);
      // GitLab joins sections whose names differ only in their case.
      const known = sections.get(name.toLowerCase());
      section = { name, rules: known?.rules ?? [], owners };
      sections.set(name.toLowerCase(), section);
      continue;
    }
    if (count >= RULES_MAX) break;
    count += 1;
    const [pattern = '', ...rest] = wordsOf(line);
    if (pattern.length > LINE_CHARS_MAX) continue;
    const owners = rest.filter(isOwner).slice(0, OWNERS_MAX);
    section.rules.push({
      pattern: readPattern(pattern),
      owners: owners.length === 0 ? section.owners : owners,
    });
  }
  return { sections: [...sections.values()].map(({ name, rules }) => ({ name, rules })) };
}

/** `*` and `?` within one piece, without backtracking over more than the last star. */
function matchesPiece(pattern: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  if (!/[*?]/.test(pattern)) return pattern === text;
  if (text.length > NAME_CHARS_MAX) return false;
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const wanted = pattern.charAt(p);
    if (wanted === '*') {
      star = p;
      resume = t;
      p += 1;
    } else if (p < pattern.length && (wanted === '?' || wanted === text.charAt(t))) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      t = resume;
    } else return false;
  }
  while (pattern.charAt(p) === '*') p += 1;
  return p >= pattern.length;
}

/** Whether the pieces match the path, or with `below` one of the folders that it is in. */
function matchesPieces(pieces: readonly string[], path: readonly string[], below: boolean): boolean {
  let reachable: readonly number[] = [0];
  for (const piece of pieces) {
    const [first] = reachable;
    if (first === undefined) return false;
    reachable =
      piece === '**'
        ? Array.from({ length: path.length - first + 1 }, (_, index) => first + index)
        : reachable.flatMap((at) => (matchesPiece(piece, path[at]) ? [at + 1] : []));
  }
  return below ? (reachable[0] ?? path.length) < path.length : reachable.at(-1) === path.length;
}

function matchesPattern({ pieces, rooted, folder }: PathPattern, path: readonly string[]): boolean {
  const [first = ''] = pieces;
  if (rooted && first !== path[0] && !/[*?]/.test(first)) return false;
  const all = rooted ? pieces : ['**', ...pieces];
  if (!folder && matchesPieces(all, path, false)) return true;
  // A folder owns what is below it; `docs/*` only what is directly in it.
  return (folder || !/[*?]/.test(pieces.at(-1) ?? '')) && matchesPieces(all, path, true);
}

/**
 * Owners of files, from every section, in their order; undefined for a file that nobody owns. It remembers files, and
 * answers undefined for more of them than five million comparisons can tell.
 */
export function createOwnerLookup({ sections }: CodeOwners): (file: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  let tests = 0;
  const find = (file: string): string | undefined => {
    const path = file.replace(/^\.?\/+/, '').split('/', PIECES_MAX);
    const owners = sections.flatMap(({ rules }) => {
      tests += rules.length;
      return rules.findLast(({ pattern }) => matchesPattern(pattern, path))?.owners ?? [];
    });
    return owners.length === 0 ? undefined : [...new Set(owners)].slice(0, OWNERS_MAX).join(' ');
  };
  return (file) => {
    if (known.has(file)) return known.get(file);
    const owners = tests < TESTS_MAX ? find(file) : undefined;
    known.set(file, owners);
    return owners;
  };
}
