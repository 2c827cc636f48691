import type { ActionUse, Script } from '../model.ts';
import { commandsOfText, withoutPrefixes } from '../shell-commands.ts';
import type { Span } from '../source.ts';
import { majorVersionOf } from './action-version.ts';

/** A program of the workspace: `./x`, `scripts/x`, `$GITHUB_WORKSPACE/x`, quoted or not. */
const OWN_FILE = String.raw`["']?(?:(?:\$\{?GITHUB_WORKSPACE\}?|\$\{\{\s{0,9}github\.workspace\s{0,9}\}\}|\$\(pwd\)|\$PWD)\/|\.{1,2}[\\/])?(?![-/~$&<>|"'*+=]|\w+:)[\w.@-]`;
const OWN_PROGRAM = String.raw`["']?(?:(?:\$\{?GITHUB_WORKSPACE\}?|\$\{\{\s{0,9}github\.workspace\s{0,9}\}\}|\$PWD)\/[\w.@-]|\.{1,2}[\\/][\w.@-]|[\w.@-]{1,100}\/[\w.@-])`;
const OPTIONS = String.raw`(?:\s+-\S{1,100}){0,9}`;
const VERSION_ONLY = String.raw`(?!\s+(?:--version|-v|-V|version|--help|-h|help)(?:\s|$))`;

function program(names: string, verbs?: string): RegExp {
  return new RegExp(
    verbs === undefined
      ? `^(?:${names})${VERSION_ONLY}(?=[\\s;]|$)`
      : `^(?:${names})${OPTIONS}\\s+(?:${verbs})(?=[\\s;"']|$)`,
  );
}

/** Programs that run code from the folder they are started in: build files, hooks, plug-ins, configuration. */
const COMMANDS: readonly (readonly [RegExp, string])[] = [
  [
    program(
      'npm|pnpm|bun',
      String.raw`ci|clean-install|i|in|install|add|run|run-script|rum|test|t|exec|x|dlx|rebuild|start|build|pack|publish|prune|update`,
    ),
    'package.json',
  ],
  [/^npm\s+--prefix\s/, 'package.json'],
  // Which yarn runs is said by a file of the folder, even for `yarn --version`.
  [/^yarn(?:pkg)?(?=\s|$)/, 'package.json'],
  [/^(?:npx|bunx|pnpx)\s/, 'package.json and its tools’ configuration'],
  [
    /^(?:python[\d.]*\s+-m\s+)?(?:uv\s+)?pip[\d.]*\s+(?:install|wheel|download)\s(?:[^]*\s)?(?:-r|--requirement|-e|--editable|-c|\.\/\S*|\.(?:\[\S*)?)(?=[\s=]|$|['"])/,
    'setup.py or requirements',
  ],
  [
    program(
      'poetry|pdm|uv|pipenv|hatch|rye|pixi',
      'install|sync|run|build|lock|test|publish|update|add|export',
    ),
    'pyproject.toml',
  ],
  [/^python[\d.]*\s+-m\s+(?!pip\b|venv\b|ensurepip\b|json\.tool\b|http\.server\b)[\w.]+/, 'Python modules'],
  [
    new RegExp(
      String.raw`^(?:python[\d.]*|node|ruby|perl|php|deno\s+run|ts-node|tsx|lua|julia|elixir|runhaskell|Rscript|pwsh|powershell|osascript|java\s+-jar|awk\s+-f|sed\s+-f)(?!\s+(?:-c|-e|-m|-V|--version|-Command)\b)${OPTIONS}\s+${OWN_FILE}`,
    ),
    'a program in the checkout',
  ],
  [program('pytest|py\\.test|tox|nox|pre-commit|prek|lefthook'), 'test configuration'],
  [
    program(
      String.raw`g?make|cmake|ctest|ninja|meson|scons|just|task|bazel|bazelisk|buck2?|pants|earthly|dagger|packer|vagrant|skaffold|ansible-playbook|invoke|mill|asv|gomplate|rails|mage|conan|ko`,
    ),
    'build files',
  ],
  [program('mvnw?|gradlew?|sbt|ant|lein|rebar3|dune'), 'build files'],
  [program('nix', 'build|run|develop|shell|flake|eval'), 'a flake'],
  [program('nix-build|nix-shell'), 'a Nix expression'],
  [program('go', 'build|test|run|generate|vet|tool'), 'Go code'],
  [/^go\s+install\s+(?!\S*@)/, 'Go code'],
  [/^cargo\s+(?!--version|-V|search|login|install\s(?!.*--path))[\w+-]/, 'build.rs and macros'],
  [program('dotnet', 'build|test|run|restore|publish|pack|msbuild|tool'), 'project files'],
  [program('msbuild|nuget'), 'project files'],
  [program('bundle|rake|jekyll|fastlane|pod'), 'build files'],
  [program('gem', 'build'), 'build files'],
  [
    program('composer', 'install|update|require|run|run-script|test|exec|dump-autoload'),
    'scripts of composer.json',
  ],
  [
    /^docker(?:\s+-\S{1,100}){0,9}(?:\s+buildx)?\s+(?:build|bake)\b|^(?:podman|buildah)\s+(?:build|bud)\b/,
    'a Dockerfile',
  ],
  [/^docker(?:-|\s+)compose\b(?!\s+(?:version|ps|logs|down)\b)/, 'a Compose file'],
  [
    program(
      'terraform|tofu|terragrunt|pulumi|cdk|sls|serverless|sam|helmfile',
      'init|plan|apply|up|preview|deploy|build|synth|validate|test|diff|run-all|package|sync',
    ),
    'infrastructure code',
  ],
  [new RegExp(`^${OWN_PROGRAM}`), 'a program in the checkout'],
  [
    new RegExp(String.raw`^(?:ba|z|da|k)?sh(?!\s+-[a-z]*[cs]\b)${OPTIONS}\s+${OWN_FILE}`),
    'a script in the checkout',
  ],
  [new RegExp(String.raw`^(?:source|\.)\s+${OWN_FILE}`), 'a script in the checkout'],
  [
    program(
      'eslint|prettier|stylelint|commitlint|webpack|vite|vitest|rollup|gulp|grunt|jest|mocha|ava|karma|cypress|playwright|gatsby|next|nuxt|astro|ng|nx|turbo|lerna|rush|hugo|mkdocs|sphinx-build|jupyter|storybook|semantic-release|release-it|lhci|knip|hardhat|truffle|vercel|netlify|wrangler',
    ),
    'configuration that is code',
  ],
  [
    program(
      'mypy|flake8|pylint|rubocop|tflint|mdformat|snyk|golangci-lint|goreleaser|phpunit|phpstan|psalm|phpcs|php-cs-fixer|ansible-lint|checkov|sonar-scanner',
    ),
    'linter configuration that is code',
  ],
  [
    /^gcloud(?:\s+(?:alpha|beta))?\s+builds\s+submit\b|^deno\s+(?:task|test|bench|install|cache)\b/,
    'build files',
  ],
  [/^git\s+submodule\s+update\b/, 'submodules'],
  [/^R\s+CMD\b|^(?:mix|cabal|stack|swift|flutter|dart|xcodebuild|ctest)\s+(?!--version)[\w-]/, 'build files'],
];

/** Actions that do the same. */
const ACTIONS: Readonly<Record<string, string>> = {
  'docker/build-push-action': 'a Dockerfile',
  'docker/bake-action': 'a Dockerfile',
  'pre-commit/action': 'hooks of .pre-commit-config.yaml',
  'golangci/golangci-lint-action': 'linter configuration',
  'goreleaser/goreleaser-action': 'hooks of its configuration',
  'bahmutov/npm-install': 'package.json',
  'cypress-io/github-action': 'package.json',
  'borales/actions-yarn': 'package.json',
  'actions/jekyll-build-pages': 'plug-ins and configuration',
  'wagoid/commitlint-github-action': 'commitlint configuration',
  'pulumi/actions': 'infrastructure code',
  'super-linter/super-linter': 'linter configuration',
  'github/super-linter': 'linter configuration',
  'oxsecurity/megalinter': 'linter configuration',
  'trunk-io/trunk-action': 'linter configuration',
  'sonarsource/sonarcloud-github-action': 'scanner configuration',
  'sonarsource/sonarqube-scan-action': 'scanner configuration',
  'bridgecrewio/checkov-action': 'checks of its configuration',
  'cloudflare/wrangler-action': 'the build of wrangler.toml',
  'amondnet/vercel-action': 'the build of the site',
  'changesets/action': 'package.json',
  'cycjimmy/semantic-release-action': 'plug-ins of its configuration',
  'actions-rs/cargo': 'build.rs and macros',
  'actions-rs/tarpaulin': 'build.rs and macros',
  'advanced-security/maven-dependency-submission-action': 'build files',
  'andresz1/size-limit-action': 'package.json',
  'ansible/ansible-lint': 'linter configuration',
  'artiomtr/jest-coverage-report-action': 'package.json',
  'azure/static-web-apps-deploy': 'the build of the site',
  'burrunan/gradle-cache-action': 'build files',
  'davidanson/markdownlint-cli2-action': 'linter configuration',
  'devcontainers/ci': 'a Dockerfile',
  'eskatos/gradle-command-action': 'build files',
  'firebaseextended/action-hosting-deploy': 'hooks of firebase.json',
  'jfrog/frogbot': 'build files',
  'netlify/actions': 'the build of the site',
  'php-actions/composer': 'scripts of composer.json',
  'pyo3/maturin-action': 'build files',
  'pypa/cibuildwheel': 'build files',
  'qcastel/github-actions-maven': 'build files',
  'ramsey/composer-install': 'scripts of composer.json',
  'reviewdog/action-eslint': 'linter configuration',
  'reviewdog/action-golangci-lint': 'linter configuration',
  'reviewdog/action-rubocop': 'linter configuration',
  'serverless/github-action': 'infrastructure code',
  'snyk/actions': 'build files',
  'taiki-e/upload-rust-binary-action': 'build.rs and macros',
  'wearerequired/lint-action': 'linter configuration',
};

/** Actions that run code of the checkout for some of their inputs only. */
const SOMETIMES: Readonly<Record<string, (use: ActionUse) => string | undefined>> = {
  'gradle/gradle-build-action': (use) => (hasInput(use, 'arguments') ? 'build files' : undefined),
  // Up to version 3 it took a build along; now it prepares one.
  'gradle/actions': (use) =>
    use.reference.path === 'setup-gradle' && (!hasInput(use, 'arguments') || (majorVersionOf(use) ?? 4) >= 4)
      ? undefined
      : 'build files',
  'ruby/setup-ruby': (use) => (hasInput(use, 'bundler-cache', 'true') ? 'a Gemfile' : undefined),
  'github/codeql-action': ({ reference }) => (reference.path === 'autobuild' ? 'build files' : undefined),
};

function hasInput(use: ActionUse, name: string, value?: string): boolean {
  return use.inputs.some(
    (each) => each.name.toLowerCase() === name && (value === undefined || each.value?.value === value),
  );
}

export interface CodeFromCheckout {
  readonly what: string;
  /** The command, without words that stand before the program. */
  readonly code: string;
  /** In the file. */
  readonly span: Span;
}

/** What runs code from the checkout in a script, command by command; as many as asked for. */
export function findBuildCommands(script: Pick<Script, 'text'>, countMax: number): CodeFromCheckout[] {
  const found: CodeFromCheckout[] = [];
  for (const command of commandsOfText(script.text)) {
    if (found.length >= countMax) break;
    const { code } = withoutPrefixes(command);
    const match = COMMANDS.find(([pattern]) => pattern.test(code));
    if (match === undefined) continue;
    const span = script.text.span(command.start, command.start + command.code.length);
    found.push({ what: match[1], code, span });
  }
  return found;
}

/** The first command of a script that runs code from the checkout. */
export function findBuildCommand(script: Pick<Script, 'text'>): CodeFromCheckout | undefined {
  return findBuildCommands(script, 1)[0];
}

/** What an action runs of the checkout; undefined when it is not known to run any of it. */
export function whatActionRuns(use: ActionUse): string | undefined {
  const { repository } = use.reference;
  if (Object.hasOwn(SOMETIMES, repository)) return SOMETIMES[repository]?.(use);
  return Object.hasOwn(ACTIONS, repository) ? ACTIONS[repository] : undefined;
}
