import { CommandError } from '../command-error.ts';
import { parseFieldMapping, type FieldMapping } from './environment-mapping.ts';

export interface ResourcePlan {
  /** In the order in which they were named. */
  resources: readonly string[];
  /** Those whose own variables are set; of the others only what is mapped. */
  whole: ReadonlySet<string>;
  mappings: readonly FieldMapping[];
}

export interface RunPlan extends ResourcePlan {
  command: string;
  args: readonly string[];
}

const RESOURCES_MAX = 20;

/** Which credentials are wanted; a mapping names its resource, too, and needs no other mention of it. */
export function planResources(resources: readonly string[], mappings: readonly string[]): ResourcePlan {
  const parsed = mappings.map(parseFieldMapping);
  const named = [...new Set([...resources, ...parsed.map(({ resource }) => resource)])];
  if (named.length === 0 || named.length > RESOURCES_MAX || named.includes('')) {
    throw new CommandError('usage_invalid', `between 1 and ${RESOURCES_MAX} resources can be asked for`, {
      remedy: 'Name a resource (shop-db), or map one of its fields (DB_PASSWORD=shop-db.password).',
    });
  }
  return { resources: named, whole: new Set(resources), mappings: parsed };
}

export function planRun(
  resources: readonly string[],
  mappings: readonly string[],
  words: readonly string[],
): RunPlan {
  const [command, ...args] = words;
  if (command === undefined || command === '') {
    throw new CommandError('usage_invalid', 'no command to run was given', {
      remedy: 'Give it after two dashes: vouchgate run --resource shop-db -- npm run migrate.',
    });
  }
  return { ...planResources(resources, mappings), command, args };
}
