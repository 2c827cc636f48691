import { dependencyTestTools } from './dependency-test-tools.ts';
import { infrastructureTestTools } from './infrastructure-test-tools.ts';
import { provenanceTools } from './provenance-tools.ts';
import { runningTestTools } from './running-test-tools.ts';
import { secretTestTools } from './secret-test-tools.ts';
import type { SecurityTool, TestKind } from './security-tool.ts';
import { sourceTestTools } from './source-test-tools.ts';

/** Every tool that is known; the first that fits a name is the one. */
const securityTools: readonly SecurityTool[] = [
  ...sourceTestTools,
  ...secretTestTools,
  ...infrastructureTestTools,
  ...dependencyTestTools,
  ...runningTestTools,
  ...provenanceTools,
];

function index(
  namesOf: (tool: SecurityTool) => readonly string[] | undefined,
  keyOf: (name: string) => string,
) {
  const entries = securityTools.flatMap((tool) => (namesOf(tool) ?? []).map((name) => ({ name, tool })));
  return Map.groupBy(entries, ({ name }) => keyOf(name));
}

const firstWord = (text: string): string => /^\S{0,80}/.exec(text)?.[0] ?? '';
const BY_USE = index(
  ({ uses }) => uses,
  (name) => name,
);
const BY_WORD = index(({ commands }) => commands, firstWord);
const WITH_GOALS = securityTools.filter(({ goals }) => goals !== undefined);

/** Programs that run another one by its name. */
const RUNNERS =
  /^(?:(?:npx|bunx|uvx|pnpx)(?:\s+(?:-y|--yes|--no|-q))?|(?:poetry|uv|pipenv|pdm|hatch|pipx|rye)\s+run|(?:pnpm|yarn)(?:\s+(?:dlx|exec|run))?|npm\s+exec(?:\s+--)?|bundle\s+exec|go\s+run|python3?\s+-m)\s+/;
const BUILD_TOOLS =
  /^(?:\S{0,100}\/)?(?:mvnw?|gradlew?|sbt|ant|dotnet|msbuild|lein|rake)(?:\.(?:bat|cmd|sh))?\s/;

/** Tools under the name of an action, image, template, task, orb, plug-in or pipe. */
export function toolsNamed(name: string): readonly SecurityTool[] {
  const lower = name
    .toLowerCase()
    .slice(0, 300)
    .replace(/^(?:docker\.io|index\.docker\.io|registry\.hub\.docker\.com)\//, '');
  const parts = lower.split('/');
  for (let count = parts.length; count > 0; count -= 1) {
    const found = BY_USE.get(parts.slice(0, count).join('/'));
    if (found !== undefined) return found.map(({ tool }) => tool);
  }
  // Images from a mirror, templates behind an address: the last two parts name them.
  const end = BY_USE.get(parts.slice(-2).join('/')) ?? BY_USE.get(parts.slice(-3).join('/'));
  return parts.length > 2 && end !== undefined ? end.map(({ tool }) => tool) : [];
}

function begins(code: string, command: string): boolean {
  if (!code.startsWith(command)) return false;
  const next = code.charAt(command.length);
  return next === '' || /\s/.test(next) || command.endsWith('-');
}

const ASKS = /(?:^|\s)(?:--help|--version|-V|version|help)(?:\s|$)/;

/** The tools that a simple command of a script runs. */
export function toolsOfCommand(command: string): readonly SecurityTool[] {
  const bare = command.replace(RUNNERS, '').replaceAll(/[ \t]+/g, ' ');
  const code = bare.replace(/^(?:\.\/|\/)?(?:[\w.$@{}-]{1,100}\/){0,9}(?=[\w.-]+(?:\s|$))/, '');
  if (ASKS.test(code.slice(0, 100))) return [];
  const words = [code, command, bare].flatMap((each) => BY_WORD.get(firstWord(each)) ?? []);
  const named = words.filter(({ name }) => [code, command, bare].some((each) => begins(each, name)));
  const goals = BUILD_TOOLS.test(command)
    ? WITH_GOALS.filter(({ goals: asked }) => asked?.test(command))
    : [];
  return [...new Set([...named.map(({ tool }) => tool), ...goals])];
}

/** What it looks at when it runs with these options; empty when it does nothing of the kind. */
export function kindsOf({ kinds, modes, only }: SecurityTool, options: string): readonly TestKind[] {
  if (only !== undefined && !only.test(options)) return [];
  return modes?.find(([pattern]) => pattern.test(options))?.[1] ?? kinds;
}

/** Whether a finding ends the command, with these options. */
export function failsOnFinding({ fails, failsWith, reportsWith }: SecurityTool, options: string): boolean {
  return fails ? reportsWith?.test(options) !== true : failsWith?.test(options) === true;
}
