import { z } from 'zod';
import { nearestWord } from '../nearest.ts';
import type { ConfigurationProblem } from './problem.ts';
import type { YamlSource } from './yaml-source.ts';

export type Validated<T> = { ok: true; value: T } | { ok: false; problems: ConfigurationProblem[] };

type Issue = z.core.$ZodIssue;

/**
 * Checks the value at `path` of a YAML file against a schema; what is wrong is reported at its own line.
 * `knownKeys` names the keys that may stand at the given path, for suggestions.
 */
export function validateYaml<T>(
  schema: z.ZodType<T>,
  source: YamlSource,
  path: readonly PropertyKey[],
  value: unknown,
  knownKeys: readonly string[] = keysOf(schema),
): Validated<T> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, source, path, knownKeys));
  return { ok: false, problems };
}

/** The keys of an object schema; none for anything else. */
export function keysOf(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function problemsOf(
  issue: Issue,
  source: YamlSource,
  base: readonly PropertyKey[],
  knownKeys: readonly string[],
): ConfigurationProblem[] {
  const path = [...base, ...issue.path];
  const name = path.length === 0 ? 'the file' : `\`${path.map(String).join('.')}\``;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(source, path, key, issue.path.length === 0 ? knownKeys : []));
  }
  return [{ file: source.file, ...source.locate(path), ...describe(issue, name) }];
}

/** What the YAML author wrote, in the words of YAML. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  record: 'a mapping (`key: value` lines)',
  object: 'a mapping (`key: value` lines)',
  array: 'a list (`- item` lines)',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function describe(issue: Issue, name: string): Pick<ConfigurationProblem, 'message' | 'remedy'> {
  if (issue.code !== 'invalid_type')
    return { message: `${name}: ${issue.message}.`, remedy: remedyOf(issue) };
  const wanted = TYPE_NAMES[issue.expected] ?? issue.expected;
  if (issue.input === undefined) {
    const remedy = `Add ${name}; docs/reference/configuration.md says what it takes.`;
    return { message: `${name} is missing.`, remedy };
  }
  if (issue.input === null) {
    return { message: `${name} is empty.`, remedy: `Write ${wanted} under it, or remove the key.` };
  }
  return { message: `${name} must be ${wanted}.`, remedy: `Write ${wanted}.` };
}

function unknownKey(
  source: YamlSource,
  path: readonly PropertyKey[],
  key: string,
  knownKeys: readonly string[],
): ConfigurationProblem {
  const nearest = nearestWord(key, knownKeys);
  const known = knownKeys.length > 0 ? ` Known here: ${knownKeys.join(', ')}.` : '';
  return {
    file: source.file,
    ...source.locate([...path, key]),
    message: `Unknown key \`${[...path, key].map(String).join('.')}\`.`,
    remedy: nearest === undefined ? `Remove it.${known}` : `Did you mean \`${nearest}\`?`,
  };
}

function remedyOf(issue: Issue): string {
  if (issue.code === 'invalid_value') return `Use one of: ${issue.values.map(String).join(', ')}.`;
  return 'Correct the value; docs/reference/configuration.md says what it takes.';
}
