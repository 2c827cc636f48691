import type { JobImport } from '../../../shared/third-parties.ts';
import { versionOf } from '../../../shared/action-versions.ts';

/** OSV’s names for where our imports come from. */
const ECOSYSTEMS: Readonly<Record<string, string>> = {
  npm: 'npm',
  pypi: 'PyPI',
  gem: 'RubyGems',
  cargo: 'crates.io',
  go: 'Go',
  nuget: 'NuGet',
};
const ACTIONS = 'GitHub Actions';
const GO_PARTS_MAX = 10;

/** What an import is called in OSV, and the version that runs. */
export interface OsvPackage {
  readonly ecosystem: string;
  /** All names that an advisory about it may have; in the spelling of the file, and in lower case. */
  readonly names: readonly string[];
  /** Undefined where nothing says one. */
  readonly version: string | undefined;
  /** The version is one that its owner moves along: `v4` stands for the newest 4. */
  readonly moves: boolean;
}

/** Names of repositories compare without case, those of PyPI also without regard to `-`, `_` and `.`. */
export function keyOf(ecosystem: string, name: string): string {
  const lower = name.toLowerCase();
  const plain = ecosystem === 'PyPI' ? lower.replaceAll(/[-_.]+/g, '-') : lower;
  return `${ecosystem.split(':', 1)[0] ?? ''} ${plain}`;
}

/** A program of Go lies inside of the module that has the advisory. */
function goNames(name: string): string[] {
  const parts = name.split('/').slice(0, GO_PARTS_MAX);
  return parts
    .map((_, index) => parts.slice(0, parts.length - index).join('/'))
    .filter((each) => each.includes('/'));
}

function actionNames(written: string, repository: string, path: string): string[] {
  const spelled = written.split('@', 1)[0]?.split('/').slice(0, 2).join('/') ?? repository;
  // A workflow is published with its repository, an action below it may be published alone.
  const inside = path === '' || path.startsWith('.github/') ? [] : [`/${path}`];
  const whole = [spelled, repository].flatMap((name) => ['', ...inside].map((end) => `${name}${end}`));
  return [...new Set(whole)];
}

/** An import, with what its commit is, where somebody knows. */
export interface KnownImport extends JobImport {
  /** The tag at the commit, from a mirror; the comment behind a commit is only what somebody wrote. */
  readonly tagged?: string | undefined;
}

/** Undefined for what OSV knows no ecosystem for: images, orbs, templates, files by address. */
export function identifyPackage({ use, reference, text, tagged }: KnownImport): OsvPackage | undefined {
  if (reference !== undefined && text !== undefined) {
    // `v4` of a comment says as little about what stands behind it as a tag does.
    const version = tagged ?? versionOf(text, reference)?.join('.');
    const names = actionNames(text.value, reference.repository, reference.path);
    return { ecosystem: ACTIONS, names, version, moves: true };
  }
  const [registry = '', name] = use.kind === 'tool' ? use.name.split(/:(?!\/)/, 2) : [];
  const ecosystem = Object.hasOwn(ECOSYSTEMS, registry) ? ECOSYSTEMS[registry] : undefined;
  if (ecosystem === undefined || name === undefined) return undefined;
  const names = ecosystem === 'Go' ? goNames(name) : [name];
  return { ecosystem, names, version: use.version, moves: false };
}
