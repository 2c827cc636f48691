export interface Refusal {
  readonly input: string;
  readonly value: string;
  /** The input with the address; without one it is another registry's business. */
  readonly address?: string;
}

export interface Registry {
  readonly name: string;
  /** A command that publishes there. */
  readonly command: RegExp;
  /** Actions that publish there, and their input for the token; undefined where it is a variable. */
  readonly actions: Readonly<Record<string, string | undefined>>;
  /** Actions that can do without a token, and the input that tells them not to. */
  readonly refusals: Readonly<Record<string, Refusal>>;
  /** Variables that such a command takes the token from. */
  readonly variable: RegExp;
  /** Hosts of the registry that trusts identities; another address is another registry. */
  readonly hosts: RegExp;
  readonly instead: string;
}

/** Registries that accept the identity of a run (“trusted publishing”), with the year in which they began to. */
export const registries: readonly Registry[] = [
  {
    // 2023.
    name: 'PyPI',
    command: /\btwine(?:==[\w.]{1,40})?\s+upload\b|\b(?:uv|poetry|pdm|flit|hatch)\s+publish\b/,
    actions: { 'pypa/gh-action-pypi-publish': 'password' },
    refusals: {},
    variable:
      /^(?:TWINE_PASSWORD|UV_PUBLISH_(?:TOKEN|PASSWORD)|POETRY_PYPI_TOKEN_PYPI|PDM_PUBLISH_PASSWORD|FLIT_PASSWORD|HATCH_INDEX_AUTH|PYPI_\w*TOKEN)$/,
    hosts: /(?:^|\.)pypi\.org$/,
    instead:
      'add this workflow as a trusted publisher of the project, and publish with `pypa/gh-action-pypi-publish` without a password, or with `uv publish`',
  },
  {
    // 2025.
    name: 'npm',
    command:
      /(?<!\bmake -C )\b(?:npm|pnpm|bun|lerna|yarn(?:\s+npm)?)\s+publish\b|\bchangeset\s+publish\b|\bsemantic-release\b/,
    actions: {
      'js-devtools/npm-publish': 'token',
      'changesets/action': undefined,
      'cycjimmy/semantic-release-action': undefined,
    },
    refusals: { 'actions/setup-node': { input: 'always-auth', value: 'true', address: 'registry-url' } },
    variable: /^(?:NODE_AUTH_TOKEN|NPM_(?:AUTH_|CONFIG_)?TOKEN|YARN_NPM_AUTH_TOKEN)$/,
    hosts: /(?:^|\.)npmjs\.(?:org|com)$/,
    instead:
      'add this workflow as a trusted publisher of the package, and publish with npm 11.5 or later and no token',
  },
  {
    // 2025.
    name: 'Cargo',
    command: /\bcargo\s+(?:\+\S{1,40}\s+)?(?:publish|release|workspaces\s+publish)\b/,
    actions: { 'katyo/publish-crates': 'registry-token' },
    refusals: {},
    variable: /^(?:CARGO_REGISTRY_TOKEN|CRATES_(?:IO_)?TOKEN)$/,
    hosts: /(?:^|\.)crates\.io$/,
    instead:
      'add this workflow as a trusted publisher of the crate, and take a token from `rust-lang/crates-io-auth-action`',
  },
  {
    // 2023.
    name: 'RubyGems',
    command: /\bgem\s+push\b|\brake\s+release\b/,
    actions: {
      'dawidd6/action-publish-gem': 'api_key',
      'rubygems/configure-rubygems-credentials': 'api-token',
    },
    refusals: { 'rubygems/release-gem': { input: 'setup-trusted-publisher', value: 'false' } },
    variable: /^(?:GEM_HOST_API_KEY|RUBYGEMS_(?:API_KEY|AUTH_TOKEN|TOKEN))$/,
    hosts: /(?:^|\.)rubygems\.org$/,
    instead: 'add this workflow as a trusted publisher of the gem, and publish with `rubygems/release-gem`',
  },
  {
    // 2025.
    name: 'NuGet',
    command: /\b(?:dotnet\s+)?nuget(?:\.exe)?\s+push\b/,
    actions: {},
    refusals: {},
    variable: /^NUGET_(?:API_)?(?:KEY|TOKEN)$/,
    hosts: /(?:^|\.)nuget\.org$/,
    instead: 'add a trusted publishing policy at the registry, and take a key for an hour from `NuGet/login`',
  },
];
