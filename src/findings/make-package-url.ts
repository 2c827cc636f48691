/** Types of package URLs for the names that tools give ecosystems. */
const TYPES: Readonly<Record<string, string>> = {
  npm: 'npm',
  node: 'npm',
  nodejs: 'npm',
  javascript: 'npm',
  js: 'npm',
  yarn: 'npm',
  pnpm: 'npm',
  'node-pkg': 'npm',
  pip: 'pypi',
  pypi: 'pypi',
  python: 'pypi',
  pipenv: 'pypi',
  poetry: 'pypi',
  'python-pkg': 'pypi',
  uv: 'pypi',
  maven: 'maven',
  gradle: 'maven',
  sbt: 'maven',
  java: 'maven',
  jar: 'maven',
  pom: 'maven',
  go: 'golang',
  golang: 'golang',
  gomod: 'golang',
  gomodules: 'golang',
  gobinary: 'golang',
  'go-module': 'golang',
  composer: 'composer',
  packagist: 'composer',
  php: 'composer',
  gem: 'gem',
  rubygems: 'gem',
  bundler: 'gem',
  gemspec: 'gem',
  ruby: 'gem',
  cargo: 'cargo',
  'crates.io': 'cargo',
  rust: 'cargo',
  'rust-crate': 'cargo',
  rustbinary: 'cargo',
  nuget: 'nuget',
  dotnet: 'nuget',
  'dotnet-core': 'nuget',
  paket: 'nuget',
  pub: 'pub',
  hex: 'hex',
  cocoapods: 'cocoapods',
  swift: 'swift',
  conan: 'conan',
  deb: 'deb',
  debian: 'deb',
  ubuntu: 'deb',
  rpm: 'rpm',
  rhel: 'rpm',
  redhat: 'rpm',
  centos: 'rpm',
  rocky: 'rpm',
  alma: 'rpm',
  fedora: 'rpm',
  amazon: 'rpm',
  oracle: 'rpm',
  suse: 'rpm',
  apk: 'apk',
  alpine: 'apk',
  wolfi: 'apk',
};

/** Distributions are the namespace of their packages (ECMA-427, types `deb`, `rpm`, `apk`). */
const DISTRIBUTIONS = new Set([
  'debian',
  'ubuntu',
  'redhat',
  'centos',
  'rocky',
  'alma',
  'fedora',
  'amazon',
  'oracle',
  'suse',
  'alpine',
  'wolfi',
]);

/** The type of package URL for an ecosystem as a tool names it: `Packagist`, `crates.io`, `Debian:11`, `pip`. */
export function packageType(ecosystem: string | undefined): string | undefined {
  const key = ecosystem?.trim().toLowerCase().split(':', 1)[0] ?? '';
  return Object.hasOwn(TYPES, key) ? TYPES[key] : undefined;
}

function encode(part: string): string {
  return encodeURIComponent(part).replaceAll('%3A', ':').replaceAll('%2B', '+').replaceAll('%7E', '~');
}

function pathOf(type: string, name: string): string {
  if (type === 'maven') return name.split(':').map(encode).join('/');
  // PEP 503: one spelling for the same package.
  if (type === 'pypi') return encode(name.toLowerCase().replaceAll(/[-_.]+/g, '-'));
  return name.split('/').map(encode).join('/');
}

/** Package URL (ECMA-427) of a package; undefined when the ecosystem is not one of those that have a type. */
export function makePackageUrl(
  ecosystem: string | undefined,
  name: string | undefined,
  version?: string,
): string | undefined {
  const type = packageType(ecosystem);
  if (type === undefined || name === undefined || name.length > 500 || !isWellFormed(name + (version ?? '')))
    return undefined;
  const distribution = ecosystem?.trim().toLowerCase().split(':', 1)[0] ?? '';
  const namespace = DISTRIBUTIONS.has(distribution) && !name.includes('/') ? `${distribution}/` : '';
  const suffix = version === undefined || version === '' ? '' : `@${encode(version)}`;
  return `pkg:${type}/${namespace}${pathOf(type, name)}${suffix}`;
}

/** A lone surrogate, which no encoding knows, would make an exception. */
function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

/** What importers know of a package, with its package URL made from it where the tool gives none. */
export function packageReference(known: {
  readonly ecosystem: string | undefined;
  readonly name: string | undefined;
  readonly version?: string | undefined;
  readonly purl?: string | undefined;
  readonly fixedVersions?: readonly string[] | undefined;
  readonly dependencyPath?: readonly string[] | undefined;
}) {
  const { ecosystem, name, version, purl, fixedVersions, dependencyPath } = known;
  if (name === undefined) return undefined;
  return {
    name,
    version,
    purl: purl ?? makePackageUrl(ecosystem, name, version),
    ecosystem: packageType(ecosystem) ?? ecosystem,
    fixedVersions,
    dependencyPath,
  };
}
