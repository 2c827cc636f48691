import type { Place, Start } from '../surface.ts';
import type { HeldCredential } from './credentials.ts';
import { type Origin, type Origins, worse } from './foreign.ts';

/** What stands around the jobs of a file: for a file that a run starts from its own, for a template its callers'. */
export interface Around {
  readonly starts: readonly Start[];
  readonly parameters: Origins;
  readonly variables: Origins;
  /** What the jobs hold that the steps of a template become part of. */
  readonly credentials: readonly HeldCredential[];
  readonly approvals: readonly Place[];
}

/** Of one template, from all its callers. */
export const HELD_MAX = 50;
const STARTS_MAX = 20;

export const NOTHING: Around = {
  starts: [],
  parameters: new Map(),
  variables: new Map(),
  credentials: [],
  approvals: [],
};

function distinct<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
  countMax: number,
): Value[] {
  return [...new Map(values.map((each) => [keyOf(each), each])).values()].slice(0, countMax);
}

function mergeOrigins(maps: readonly ReadonlyMap<string, Origin>[]): Map<string, Origin> {
  const merged = new Map<string, Origin>();
  for (const map of maps) {
    for (const [name, origin] of map) {
      const worst = worse(merged.get(name), origin);
      if (worst !== undefined) merged.set(name, worst);
    }
  }
  return merged;
}

const keyOfStart = ({ what, setting, authority }: Start): string => `${what} ${setting} ${authority}`;
const keyOfHeld = ({ use, conditions }: HeldCredential): string =>
  `${use.kind} ${use.name} ${conditions.length}`;

export function mergeAround(all: readonly Around[]): Around {
  return {
    starts: distinct(
      all.flatMap(({ starts }) => starts),
      keyOfStart,
      STARTS_MAX,
    ),
    parameters: mergeOrigins(all.map(({ parameters }) => parameters)),
    variables: mergeOrigins(all.map(({ variables }) => variables)),
    credentials: distinct(
      all.flatMap(({ credentials }) => credentials),
      keyOfHeld,
      HELD_MAX,
    ),
    approvals: all.every(({ approvals }) => approvals.length > 0)
      ? all.flatMap(({ approvals }) => approvals).slice(0, HELD_MAX)
      : [],
  };
}
