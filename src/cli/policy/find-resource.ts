import type { Configuration } from '#broker/configuration/configuration.ts';
import type { RuntimeResource } from '#broker/runtime.ts';
import { nearestWord } from '#core/nearest.ts';
import { CommandError } from '../command-error.ts';

export function findResource({ resources }: Configuration, name: string): RuntimeResource {
  const resource = resources.get(name);
  if (resource !== undefined) return resource;
  const near = nearestWord(name, resources.keys());
  const names = [...resources.keys()].join(', ');
  throw new CommandError('usage_invalid', `there is no resource "${name}"`, {
    remedy: near === undefined ? `The resources are: ${names || 'none yet'}.` : `Did you mean "${near}"?`,
  });
}
