import type { Script } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import { type CommandLine, commandLinesOf, locateMatch } from '../../shared/shell-commands.ts';

interface Installer {
  /** Up to the packages. */
  readonly command: RegExp;
  readonly isPinned: (name: string) => boolean;
  /** Options that say where versions come from, or which one. */
  readonly pinningOption: RegExp;
  /** Options whose value is the next word. */
  readonly withValue: RegExp;
  /** The version decides about everything that comes along. */
  readonly isWhole?: boolean;
}

const NPM: Omit<Installer, 'command'> = {
  isPinned: (name) => /.@\d+\.\d+\.\d+/.test(name),
  pinningOption: /^$/,
  withValue: /^(?:--(?:prefix|registry|loglevel|filter|cwd|dir|workspace)|-C|-F|-w)$/,
};
const PYTHON: Omit<Installer, 'command'> = {
  isPinned: (name) => /===?|@/.test(name),
  pinningOption: /^(?:-r|--requirement|-e|--editable|-c|--constraint|--require-hashes|--group|--no-index)/,
  withValue:
    /^(?:-i|--index-url|--extra-index-url|-t|--target|-f|--find-links|--python|--prefix|--only-binary|--no-binary)$/,
};
const RUBY: Omit<Installer, 'command'> = {
  isPinned: (name) => /[:@]\d/.test(name),
  pinningOption: /^(?:-g|--file)/,
  withValue: /^(?:-s|--source|-i|--install-dir|-n|--bindir)$/,
};

const INSTALLERS: readonly Installer[] = [
  { ...NPM, command: /\b(?:npm|pnpm|bun)\s+(?:i|install|add)\s+/ },
  { ...NPM, command: /\byarn\s+(?:global\s+)?add\s+/ },
  { ...PYTHON, command: /\bpip[23]?\s+install\s+/ },
  { ...PYTHON, command: /\b(?:pipx|uv\s+tool)\s+install\s+/ },
  { ...RUBY, command: /\bgem\s+(?:i|install)\s+/ },
  {
    command: /\bgo\s+install\s+/,
    isPinned: (name) => !/@(?:latest|master|main|upgrade)$/.test(name),
    pinningOption: /^$/,
    isWhole: true,
    withValue: /^(?:-ldflags|-tags)$/,
  },
  {
    command: /\bcargo\s+(?:binstall|install)\s+/,
    isPinned: (name) => /@\d/.test(name),
    isWhole: true,
    pinningOption: /^(?:--path|--git|--list|--rev)/,
    withValue: /^(?:--features|-F|--root|--target|--profile|--jobs|-j|--bin)$/,
  },
];
/** Packages by their names only: paths, archives, addresses and variables say something else. */
const PACKAGE =
  /^(?:@[\w.-]+\/)?[a-z0-9][\w.-]*(?:\[[\w,-]+\])?(?:[@:=<>~!].*)?$|^[\w.-]+\.[a-z]+\/[\w./-]+@\w+$/i;

const VERSION_OPTION = /^(?:-v|--version|--vers)(?:=|$)/;
const ARCHIVE = /\.(?:whl|tgz|gem|gz|zip)$/i;

export interface Installation {
  readonly span: Span;
  readonly command: string;
  readonly packages: readonly string[];
  /** Whether each has an exact version; what it depends on has not. */
  readonly pinned: boolean;
}

function wordsOf(text: string): string[] {
  const filled = text.replace(/\$\{\{.*?\}\}|<<\s?(?:pipeline|parameters|matrix)\.[\w.-]{1,100}\s?>>/g, '$');
  const [command = ''] = filled.split(/&&|\|\||[;|)`]|\s\d?>/, 1);
  const words = command.trim().split(/\s+/, 200);
  return words.map((word) => word.replace(/^["']|["']$/g, ''));
}

interface Named {
  readonly unpinned: readonly string[];
  /** With an exact version, or with one that is computed. */
  readonly pinned: readonly string[];
}

const NOTHING: Named = { unpinned: [], pinned: [] };

/** A package with a version that is known only then. */
const COMPUTED = /^(?:@[\w.-]+\/)?[a-z0-9][\w.-]*[@:=]{1,3}[\w.^~]*\$/i;

function packagesIn(words: readonly string[], installer: Installer): Named {
  const unpinned: string[] = [];
  const pinned: string[] = [];
  let skip = false;
  let versioned = false;
  for (const word of words) {
    if (VERSION_OPTION.test(word)) {
      versioned = true;
      skip = !word.includes('=');
      continue;
    }
    if (installer.pinningOption.test(word)) return NOTHING;
    const isValue = skip;
    skip = installer.withValue.test(word);
    if (isValue || ARCHIVE.test(word)) continue;
    if (COMPUTED.test(word)) pinned.push(word);
    else if (!word.includes('$') && PACKAGE.test(word)) {
      (installer.isPinned(word) ? pinned : unpinned).push(word);
    }
  }
  return versioned ? { unpinned: [], pinned: [...unpinned, ...pinned] } : { unpinned, pinned };
}

/** Text in quotes is mostly a message that names the command. */
function isQuoted(before: string): boolean {
  return before.split('"').length % 2 === 0 || before.split("'").length % 2 === 0;
}

function findOn(line: CommandLine, script: Script): Installation | undefined {
  for (const installer of INSTALLERS) {
    const match = installer.command.exec(line.text);
    if (match === null || isQuoted(line.text.slice(0, match.index))) continue;
    const named = packagesIn(wordsOf(line.text.slice(match.index + match[0].length)), installer);
    // Installers themselves are brought up to date like this everywhere, and the runner has them already.
    const unpinned = named.unpinned.filter((name) => !/^(?:pip|setuptools|wheel|npm|bundler)$/.test(name));
    const pinned = unpinned.length === 0;
    const packages = pinned ? named.pinned : unpinned;
    // Where programs come with their own list of dependencies, or none, an exact version is all there is to say.
    if (packages.length === 0 || (pinned && installer.isWhole === true)) continue;
    const command = match[0].trim().replace(/\s+/g, ' ');
    return {
      span: locateMatch(script, line, match.index, match[0].trimEnd().length),
      command,
      packages,
      pinned,
    };
  }
  return undefined;
}

/** A word of each of them: most scripts have none, and need not be looked at line by line. */
const INSTALLS = /\b(?:install|i|add|binstall)\s/;

/** Installations of packages by name, past every lock file; at most one a line. */
export function findInstallations(script: Script): Installation[] {
  if (!INSTALLS.test(script.text.value)) return [];
  return commandLinesOf(script).flatMap((line) => findOn(line, script) ?? []);
}
