import type { Script } from '../model.ts';
import type { Span } from '../source.ts';

/** Programs that run code from the folder they are started in: build files, hooks, plug-ins, configuration. */
const COMMANDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:npm|pnpm|bun)\s+(?:ci|i|install|run|test|exec|x|rebuild|start|build|t)\b/, 'package.json'],
  [/\byarn\b(?!\s+(?:--version|cache|config))/, 'package.json'],
  [/\b(?:npx|bunx)\s/, 'package.json and its tools’ configuration'],
  [/\bpip3?\s+install\b.*(?:-r\b|-e\b|\s\.(?:\s|$|\[)|\.\/)/, 'setup.py or requirements'],
  [/\b(?:poetry|pdm|uv|pipenv|hatch)\s+(?:install|sync|run|build|lock)\b/, 'pyproject.toml'],
  [
    /\b(?:python3?|node|ruby|perl|php|deno\s+run)\s+(?!-c\b|-e\b|-m\s+(?:pip|venv)\b|--version)[./\w-]+/,
    'a program in the checkout',
  ],
  [/\b(?:pytest|tox|nox|pre-commit)\b/, 'test configuration'],
  [/(?:^|[\s;&|(])(?:make|gmake|cmake|ninja|just|task|bazel|bazelisk)(?:\s|$)/, 'build files'],
  [/\bmvnw?\b|\bgradlew?\b|\bsbt\b|\bant\b(?=\s|$)/, 'build files'],
  [/\bgo\s+(?:build|test|run|generate|install)\b/, 'Go code'],
  [/\bcargo\s+(?!--version|search|login)\w+/, 'build.rs and macros'],
  [/\bdotnet\s+(?:build|test|run|restore|publish|pack|msbuild)\b|\bmsbuild\b/, 'project files'],
  [/\b(?:bundle|rake|gem\s+build|composer\s+(?:install|update))\b/, 'build files'],
  [/\bdocker\s+(?:buildx\s+)?(?:build|bake)\b|\bdocker[- ]compose\b/, 'a Dockerfile'],
  [/\b(?:terraform|tofu|terragrunt|pulumi)\s+(?:init|plan|apply|up|preview)\b/, 'infrastructure code'],
  [/(?:^|[\s;&|(])\.\.?\/[\w./-]+/, 'a program in the checkout'],
  [/(?:^|[\s;&|(])(?:ba|z|da)?sh\s+(?!-c\b)[\w./-]+/, 'a script in the checkout'],
  [/(?:^|[\s;&|(])(?:source|\.)\s+[\w./-]+/, 'a script in the checkout'],
  [
    /\b(?:eslint|prettier|webpack|vite|jest|mocha|tsc|gatsby|hugo|mkdocs|sphinx-build)\b/,
    'configuration that is code',
  ],
  [/\bgit\s+submodule\s+update\b/, 'submodules'],
  [
    /\bR\s+CMD\b|\bRscript\b|\bmix\s+\w+|\bstack\s+(?:build|test)\b|\bcabal\s+\w+|\bswift\s+(?:build|test|run)\b/,
    'build files',
  ],
];
/** Actions that do the same. */
const ACTIONS: Readonly<Record<string, string>> = {
  'docker/build-push-action': 'a Dockerfile',
  'docker/bake-action': 'a Dockerfile',
  'gradle/gradle-build-action': 'build files',
  'gradle/actions': 'build files',
  'pre-commit/action': 'hooks of .pre-commit-config.yaml',
  'golangci/golangci-lint-action': 'linter configuration',
  'bahmutov/npm-install': 'package.json',
  'cypress-io/github-action': 'package.json',
  'borales/actions-yarn': 'package.json',
  'github/codeql-action': 'build files',
  'actions/jekyll-build-pages': 'plug-ins and configuration',
  'ruby/setup-ruby': 'a Gemfile',
  'wagoid/commitlint-github-action': 'commitlint configuration',
  'pulumi/actions': 'infrastructure code',
  'super-linter/super-linter': 'linter configuration',
  'oxsecurity/megalinter': 'linter configuration',
};

export interface CodeFromCheckout {
  readonly what: string;
  /** In the file. */
  readonly span: Span;
}

/** The first command of a script that runs code from the checkout. */
export function findBuildCommand(script: Script): CodeFromCheckout | undefined {
  let start = 0;
  for (const line of script.text.value.split('\n', 5_000)) {
    const code = line.replace(/(?:^|\s)#.*$/, '').slice(0, 1_000);
    const found = code.trim() === '' ? undefined : COMMANDS.find(([pattern]) => pattern.test(code));
    if (found !== undefined) {
      const indent = line.length - line.trimStart().length;
      return { what: found[1], span: script.text.span(start + indent, start + code.trimEnd().length) };
    }
    start += line.length + 1;
  }
  return undefined;
}

export function whatActionRuns(repository: string): string | undefined {
  return Object.hasOwn(ACTIONS, repository) ? ACTIONS[repository] : undefined;
}
