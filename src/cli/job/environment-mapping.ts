import type { AppError } from '#core/errors.ts';
import type { Issued } from '../client/exchange-answer.ts';
import { CommandError } from '../command-error.ts';

/** One `--env NAME=RESOURCE.field`. */
export interface FieldMapping {
  variable: string;
  resource: string;
  field: string;
}

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/u;
/**
 * Variables that make the next program load or run something. The server has no business with them: one
 * that was taken over must not become code in every job.
 */
const LOADER_VARIABLE =
  /^(?:LD_|DYLD_|BASH_FUNC_|GIT_CONFIG|npm_config_|ACTIONS_|RUNNER_|VOUCHGATE_)|^(?:PATH|PATHEXT|COMSPEC|SHELL|IFS|ENV|BASH_ENV|PS4|PROMPT_COMMAND|NODE_OPTIONS|NODE_PATH|PYTHONSTARTUP|PYTHONPATH|PYTHONHOME|PERL5OPT|PERL5LIB|RUBYOPT|RUBYLIB|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|GIT_SSH|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|GIT_ASKPASS|SSH_ASKPASS|EDITOR|VISUAL|PAGER|GITHUB_ENV|GITHUB_PATH|GITHUB_OUTPUT|GITHUB_STATE)$/iu;

function refuseName(name: string, why: string): CommandError {
  return new CommandError('environment_name_refused', `the variable name "${name}" ${why}`, {
    remedy: 'Change `environment` of the resource in vouchgate.yaml, or map the field with --env.',
  });
}

/** A name that may be set in a job, whoever asks for it. */
export function assertVariableName(name: string): string {
  if (!VARIABLE_NAME.test(name)) throw refuseName(name, 'is no name of an environment variable');
  if (LOADER_VARIABLE.test(name)) throw refuseName(name, 'would change what programs load or run');
  return name;
}

/** Reads `NAME=RESOURCE.field`; the field is after the last dot, for a resource's name may have some. */
export function parseFieldMapping(text: string): FieldMapping {
  const match = /^([^=]+)=(.+)\.([^.]+)$/u.exec(text);
  const [, variable, resource, field] = match ?? [];
  if (variable === undefined || resource === undefined || field === undefined) {
    throw new CommandError('usage_invalid', `"${text}" is no NAME=RESOURCE.field`, {
      remedy: 'For example --env DB_PASSWORD=shop-db.password.',
    });
  }
  return { variable: assertVariableName(variable), resource, field };
}

/** The value of a field, or an error that names the fields that there are (names are no secret). */
export function readField(issued: Issued, field: string): string {
  const value = Object.hasOwn(issued.values, field) ? issued.values[field] : undefined;
  if (value !== undefined) return value.reveal();
  throw new CommandError('field_unknown', `the credential of ${issued.resource} has no field "${field}"`, {
    remedy: `Its fields are: ${Object.keys(issued.values).join(', ')}.`,
  });
}

/** Variables of one credential, by its own mapping. */
export function environmentOf(issued: Issued): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [variable, field] of Object.entries(issued.environment)) {
    const value = readField(issued, field);
    if (value.includes('\0')) throw refuseName(variable, 'would get a value with a NUL in it');
    variables[assertVariableName(variable)] = value;
  }
  return variables;
}

/**
 * All variables for a job: each resource of `whole` by its own mapping, and the single fields of `mappings`.
 * Two values for one name are an error, not a matter of order.
 */
export function combineEnvironment(
  credentials: ReadonlyMap<string, Issued>,
  whole: ReadonlySet<string>,
  mappings: readonly FieldMapping[],
): Record<string, string> {
  const variables: Record<string, string> = {};
  const owners = new Map<string, string>();
  const assign = (variable: string, value: string, resource: string) => {
    const owner = owners.get(variable);
    if (owner !== undefined) throw conflict(variable, owner, resource);
    owners.set(variable, resource);
    variables[variable] = value;
  };
  for (const { variable, resource, field } of mappings) {
    const issued = credentials.get(resource);
    if (issued !== undefined) assign(variable, readField(issued, field), resource);
  }
  for (const [resource, issued] of credentials) {
    if (!whole.has(resource)) continue;
    for (const [variable, value] of Object.entries(environmentOf(issued))) assign(variable, value, resource);
  }
  return variables;
}

function conflict(variable: string, first: string, second: string): AppError {
  return new CommandError('environment_conflict', `${first} and ${second} would both set ${variable}`, {
    remedy: `Leave out --resource ${second}, and name its variables: --env OTHER_NAME=${second}.<field>.`,
  });
}
