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
  isPinned: (name) => /:\d/.test(name),
  pinningOption: /^(?:-v|--version|-g|--file)/,
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
    withValue: /^(?:-ldflags|-tags)$/,
  },
  {
    command: /\bcargo\s+(?:binstall|install)\s+/,
    isPinned: (name) => /@\d/.test(name),
    pinningOption: /^(?:--version|--vers|--path|--git|--list|--rev)/,
    withValue: /^(?:--features|-F|--root|--target|--profile|--jobs|-j|--bin)$/,
  },
];
/** Packages by their names only: paths, archives, addresses and variables say something else. */
const PACKAGE =
  /^(?:@[\w.-]+\/)?[a-z0-9][\w.-]*(?:\[[\w,-]+\])?(?:[@:=<>~!].*)?$|^[\w.-]+\.[a-z]+\/[\w./-]+@\w+$/i;

const ARCHIVE = /\.(?:whl|tgz|gem|gz|zip)$/i;

export interface Installation {
  readonly span: Span;
  readonly command: string;
  readonly packages: readonly string[];
}

function wordsOf(text: string): string[] {
  const [command = ''] = text.replace(/\$\{\{.*?\}\}/g, '$').split(/&&|\|\||[;|)`]|\s\d?>/, 1);
  return command.split(/\s+/, 200).map((word) => word.replace(/^["']|["']$/g, ''));
}

function unpinnedIn(words: readonly string[], installer: Installer): string[] {
  const found: string[] = [];
  let skip = false;
  for (const word of words) {
    if (installer.pinningOption.test(word)) return [];
    const isValue = skip;
    skip = installer.withValue.test(word);
    if (isValue || word.includes('$') || !PACKAGE.test(word) || ARCHIVE.test(word)) continue;
    if (!installer.isPinned(word)) found.push(word);
  }
  return found;
}

/** Text in quotes is mostly a message that names the command. */
function isQuoted(before: string): boolean {
  return before.split('"').length % 2 === 0 || before.split("'").length % 2 === 0;
}

function findOn(line: CommandLine, script: Script): Installation | undefined {
  for (const installer of INSTALLERS) {
    const match = installer.command.exec(line.text);
    if (match === null || isQuoted(line.text.slice(0, match.index))) continue;
    const packages = unpinnedIn(wordsOf(line.text.slice(match.index + match[0].length)), installer);
    // Installers themselves are brought up to date like this everywhere, and the runner has them already.
    const own = packages.filter((name) => !/^(?:pip|setuptools|wheel|npm|bundler)$/.test(name));
    if (own.length === 0) continue;
    const command = match[0].trim().replace(/\s+/g, ' ');
    return {
      span: locateMatch(script, line, match.index, match[0].trimEnd().length),
      command,
      packages: own,
    };
  }
  return undefined;
}

/** Installations of packages by name, without a version; at most one a line. */
export function findInstallations(script: Script): Installation[] {
  return commandLinesOf(script).flatMap((line) => findOn(line, script) ?? []);
}
