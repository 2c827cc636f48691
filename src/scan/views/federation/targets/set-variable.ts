import type { Binding } from '../bind/binding.ts';

/** The command that gives pipelines a value which is no secret. */
export function setVariable({ platform, environment }: Binding, name: string, value: string): string {
  if (platform === 'gitlab') return `glab variable set ${name} '${value}' --protected`;
  return `gh variable set ${name}${environment === undefined ? '' : ` --env '${environment}'`} --body '${value}'`;
}
