import type { Platform } from '#pipeline/model.ts';
import type { Binding } from '../bind/binding.ts';

/** Where people set them by hand. */
const PLACES: Readonly<Partial<Record<Platform, string>>> = {
  circleci: 'variable of the context',
  bitbucket: 'variable of the deployment environment',
  azure: 'in the settings of the service connection',
  jenkins: 'in the `environment` of the pipeline',
};

/** The command that gives pipelines a value which is no secret. */
export function setVariable({ platform, environment }: Binding, name: string, value: string): string {
  if (platform === 'gitlab') return `glab variable set ${name} '${value}' --protected`;
  const place = PLACES[platform];
  if (place !== undefined) return `# ${place}: ${name} = ${value}`;
  return `gh variable set ${name}${environment === undefined ? '' : ` --env '${environment}'`} --body '${value}'`;
}
