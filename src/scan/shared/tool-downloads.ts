import { memoize } from '#pipeline/memoize.ts';
import type { Script } from '#pipeline/model.ts';
import { parseImageReference, type Pin } from '#pipeline/reference.ts';
import { commandsOfText, withoutPrefixes } from '#pipeline/shell-commands.ts';
import type { ImportUse } from '#pipeline/surface.ts';

const DOWNLOADS_MAX = 200;
const WORDS_MAX = 60;
const NAME_CHARACTERS_MAX = 160;

interface Package {
  readonly name: string;
  readonly version: string | undefined;
}

/** A command that takes packages from a registry. */
interface Installer {
  /** As OSV and package URLs name the registry: `npm`, `pypi`. */
  readonly registry: string;
  readonly command: RegExp;
  /** Options whose value is the next word. */
  readonly withValue: RegExp;
  /** Between name and version. */
  readonly separator: RegExp;
  /** Only the first word is a package; what follows belongs to it. */
  readonly runs?: boolean;
}

const NODE = {
  registry: 'npm',
  separator: /(?<=.)@/,
  withValue: /^(?:--(?:prefix|registry|loglevel|filter|cwd|dir|workspace|package|tag)|-C|-F|-w)$/,
};
const PYTHON = {
  registry: 'pypi',
  separator: /===?|@|[<>~!]=?/,
  withValue:
    /^(?:-i|--index-url|--extra-index-url|-t|--target|-f|--find-links|--python|--prefix|--only-binary|--no-binary|-r|--requirement|-c|--constraint|-e|--editable|--with|--from|-p)$/,
};

const INSTALLERS: readonly Installer[] = [
  {
    ...NODE,
    command:
      /^(?:npm|pnpm)\s+(?:-\S+\s+){0,4}(?:i|install|add)\s+(?=(?:.*\s)?(?:-g|--global|--location=global)(?:\s|$))/,
  },
  { ...NODE, command: /^(?:yarn\s+global\s+add|bun\s+add\s+(?:-g|--global))\s+/ },
  { ...NODE, command: /^(?:npx|bunx|pnpx|pnpm\s+dlx|yarn\s+dlx|npm\s+exec)\s+/, runs: true },
  { ...PYTHON, command: /^(?:(?:python3?|py)\s+-m\s+)?pip3?(?:\.\d+)?\s+install\s+/ },
  { ...PYTHON, command: /^(?:uv\s+pip\s+install|uv\s+tool\s+install|pipx\s+install)\s+/ },
  { ...PYTHON, command: /^(?:uvx|pipx\s+run|uv\s+tool\s+run)\s+/, runs: true },
  {
    registry: 'gem',
    separator: /:/,
    withValue: /^(?:-s|--source|-i|--install-dir|-n|--bindir)$/,
    command: /^gem\s+(?:i|install)\s+/,
  },
  {
    registry: 'cargo',
    separator: /@/,
    withValue:
      /^(?:--features|-F|--root|--target|--profile|--jobs|-j|--bin|--git|--rev|--tag|--branch|--path)$/,
    command: /^cargo\s+(?:\+\S+\s+)?(?:binstall|install)\s+/,
  },
  { registry: 'go', separator: /@/, withValue: /^(?:-ldflags|-tags)$/, command: /^go\s+(?:install|get)\s+/ },
  {
    registry: 'go',
    separator: /@/,
    withValue: /^(?:-ldflags|-tags)$/,
    command: /^go\s+run\s+(?=\S+@)/,
    runs: true,
  },
  {
    registry: 'nuget',
    separator: /@/,
    withValue: /^(?:--add-source|--tool-path|--configfile)$/,
    command: /^dotnet\s+tool\s+install\s+/,
  },
  { registry: 'brew', separator: /@/, withValue: /^$/, command: /^brew\s+install\s+/ },
];

const VERSION_OPTION = /^(?:-v|--version|--vers)(?:=(.*))?$/;
const NAME: Readonly<Record<string, RegExp>> = {
  npm: /^(?:@[\w.-]+\/)?[a-z0-9][\w.-]*$/i,
  go: /^[\w-]+\.[a-z]+\/[\w./-]+$/i,
  brew: /^[\w.-]+(?:\/[\w.-]+){0,2}$/,
};
const PLAIN_NAME = /^[a-z0-9][\w.-]*(?:\[[\w,-]*\])?$/i;
/** Local files, and what the installers are themselves. */
const NO_PACKAGE = /\.(?:whl|tgz|gem|gz|zip|txt|toml)$|^(?:pip|setuptools|wheel|npm|bundler|add|install)$/i;

function wordsOf(text: string): string[] {
  return text.split(/\s+/, WORDS_MAX).map((word) => word.replaceAll(/^["']|["']$/g, ''));
}

function toPackage(word: string, { registry, separator }: Installer): Package | undefined {
  const [name = '', ...rest] = word.split(separator);
  const isName = (NAME[registry] ?? PLAIN_NAME).test(name) && !NO_PACKAGE.test(name);
  const version = rest
    .join('')
    .replace(/^[=\s]+/, '')
    .slice(0, 60);
  return isName
    ? { name: name.replace(/\[.*$/, ''), version: version === '' ? undefined : version }
    : undefined;
}

function packagesIn(words: readonly string[], installer: Installer): Package[] {
  const found: Package[] = [];
  let skipped = false;
  let version: string | undefined;
  for (const [index, word] of words.entries()) {
    const option = VERSION_OPTION.exec(word);
    const isValue = skipped;
    skipped = installer.withValue.test(word) || (option !== null && option[1] === undefined);
    if (option !== null) version = option[1] ?? words[index + 1];
    if (isValue || word.startsWith('-') || /^[\d&]*[<>]/.test(word)) continue;
    const named = toPackage(word, installer);
    if (named !== undefined) found.push(named);
    if (installer.runs === true) break;
  }
  return found.map((each) => ({ name: each.name, version: each.version ?? version?.slice(0, 60) }));
}

/** Only a whole version stays what it is. */
function pinOf(version: string | undefined): Pin {
  if (version === undefined || /^(?:latest|next|master|main|upgrade|canary|nightly)$/i.test(version))
    return 'none';
  if (/[$]/.test(version)) return 'computed';
  if (/^[0-9a-f]{40}$/.test(version)) return 'commit';
  return /^v?\d+\.\d+/.test(version) && !/[*x^~]/.test(version) ? 'tag' : 'branch';
}

type Tool = Pick<ImportUse, 'kind' | 'name' | 'version' | 'pin' | 'immutable'>;

const FETCH = /^(?:\S*\/)?(?:curl|wget|iwr|invoke-webrequest|irm|invoke-restmethod)\s/i;
const ADDRESS = /\bhttps?:\/\/[^\s"'`;|&)>]{3,300}/i;
const IS_FILE =
  /\.(?:sh|bash|py|ps1|tgz|tar(?:\.\w+)?|zip|gz|xz|bz2|deb|rpm|exe|msi|jar|whl|appimage|pkg|dmg|bin|run|asc|gpg)$|\/releases\/|\/install(?:er)?\b|^https?:\/\/(?:get|install|sh)\./i;

function fromAddress(code: string): Tool[] {
  const address = ADDRESS.exec(code)?.[0];
  if (!FETCH.test(code) || address === undefined) return [];
  const bare = address.replace(/[?#].*$/, '');
  if (!IS_FILE.test(bare) || /^https?:\/\/(?:localhost|127\.|0\.0\.0\.0|\[|\$)/.test(bare)) return [];
  // Whoever wrote a name and a password into it did not mean them to be in a list.
  const name = bare.replace(/^https?:\/\/(?:[^/@]*@)?/, '').slice(0, NAME_CHARACTERS_MAX);
  const version = /(?:^|[/_v-])(\d+\.\d+(?:\.\d+)?)(?=[/_.-]|$)/.exec(name)?.[1];
  const moves = /\/(?:latest|main|master|head|stable)(?:\/|$)/i.test(name);
  const pin: Pin = /[0-9a-f]{40}/.test(name)
    ? 'commit'
    : moves
      ? 'branch'
      : version !== undefined
        ? 'tag'
        : /[$]/.test(name)
          ? 'computed'
          : 'none';
  return [{ kind: 'tool', name, version: moves ? undefined : version, pin, immutable: false }];
}

const CONTAINER = /^(?:\S*\/)?(?:docker|podman|nerdctl)\s+(pull|run)\s+/;
const CONTAINER_VALUE =
  /^(?:-[evpwu]|--(?:env|env-file|volume|publish|workdir|user|name|network|net|entrypoint|platform|mount|add-host|cpus|memory|label|hostname|shm-size|restart|ulimit|cap-add|security-opt|device|ipc|pid|dns|gpus|link|log-driver|tmpfs))$/;

function fromContainer(code: string): Tool[] {
  const match = CONTAINER.exec(code);
  if (match === null) return [];
  const words = wordsOf(code.slice(match[0].length));
  const at = words.findIndex(
    (word, index) => !word.startsWith('-') && !CONTAINER_VALUE.test(words[index - 1] ?? ''),
  );
  const image = words[at];
  if (image === undefined || !/^[a-z0-9][\w.:/@-]{1,200}$/i.test(image)) return [];
  const { name, tag, digest, pin } = parseImageReference(image);
  return [{ kind: 'image', name, version: digest ?? tag, pin, immutable: false }];
}

function fromRegistry(code: string): Tool[] {
  for (const installer of INSTALLERS) {
    const match = installer.command.exec(code);
    if (match === null) continue;
    return packagesIn(wordsOf(code.slice(match[0].length)), installer).map(({ name, version }) => {
      const { registry } = installer;
      const pin = pinOf(version);
      // What a registry has under a whole version it does not change.
      return {
        kind: 'tool',
        name: `${registry}:${name}`,
        version,
        pin,
        immutable: pin === 'tag' && registry !== 'brew',
      };
    });
  }
  return [];
}

/** What a script takes from elsewhere and runs: packages by name, files by address, images; a bounded number. */
export const toolsOfScript = memoize(({ text }: Script): readonly ImportUse[] => {
  const found = commandsOfText(text).flatMap((command): ImportUse[] => {
    const bare = withoutPrefixes(command);
    // With blanks in it, an expression would fall apart into words.
    const code = bare.code.replaceAll(/\$\{\{[^{}]{0,300}\}\}/g, '$computed');
    const tools = [...fromRegistry(code), ...fromContainer(code), ...fromAddress(code)];
    if (tools.length === 0) return [];
    const span = text.span(bare.start, bare.start + bare.code.length);
    return tools.map((tool) => ({ ...tool, origin: 'third-party', source: text.source, span }));
  });
  return found.slice(0, DOWNLOADS_MAX);
});
