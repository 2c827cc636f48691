/**
 * How git is called in a repository that somebody else may have written: its configuration can name programs
 * (`core.fsmonitor`, `gpg.program`, `diff.external`), so those are overruled, and nothing is fetched or asked.
 */
export const gitArguments: readonly string[] = [
  '-c',
  'safe.directory=*',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.quotePath=false',
  '-c',
  'log.showSignature=false',
  '-c',
  'protocol.allow=never',
];

/** The variables that git gets: none of the caller's besides the path. */
export function gitEnvironment(path: string | undefined): Record<string, string> {
  return {
    ...(path === undefined ? {} : { PATH: path }),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    LC_ALL: 'C',
  };
}
