/** What the platform was asked about a repository. Undefined is unknown, which is neither yes nor no. */
export interface PlatformSettings {
  /** A job that says nothing about permissions gets a token that only reads. */
  readonly tokenReadsByDefault?: boolean | undefined;
  /** Environments, in lower case, in which somebody or something has to agree; every other one is open. */
  readonly guardedEnvironments?: readonly string[] | undefined;
}

/** Whether nobody is asked before a job with this environment runs; undefined when that is not known. */
export function isOpenEnvironment(
  name: string,
  { guardedEnvironments }: PlatformSettings,
): boolean | undefined {
  if (guardedEnvironments === undefined || name.includes('${{')) return undefined;
  return !guardedEnvironments.includes(name.toLowerCase());
}
