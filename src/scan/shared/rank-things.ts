import type { Thing, Zone } from './segmentation.ts';

/** A job on `main` that only tests is no production, whatever it is called. */
const ACTS = { yes: 1.25, no: 0.6 } as const;
/** How much worse it is that this zone reaches what production uses. */
const REACH: Readonly<Record<Exclude<Zone, 'production'>, number>> = {
  outsiders: 1.2,
  development: 1,
  'by hand': 0.4,
};
const NAMES_OF_PRODUCTION =
  /prod|live|release|pypi|npm|publish|maven|nuget|crates|rubygems|app-?store|pages/i;

/** Whoever calls it so keeps another one for production. */
const NAMES_OF_DEVELOPMENT =
  /(?:not?n?|pre)-?prod|(?:^|[_\W])(?:ci|tests?|testing|dev|development|staging|stage|sandbox|preview|e2e|qa)(?:[_\W]|$)/i;

/** A thing that is reached by others than production, and how much that matters. */
export interface Ranked {
  readonly thing: Thing;
  /** From 0 to 15: what is at stake, times how openly it is reached, more when the job deploys or publishes. */
  readonly score: number;
  /** The most open zone beside production. */
  readonly zone: Exclude<Zone, 'production'>;
}

function has({ uses }: Thing, zone: Zone): boolean {
  return uses.some(({ zones }) => zones.has(zone));
}

/** An environment is production's by its name; the others are there to be reached. */
function isMeant({ kind, name, environment }: Thing): boolean {
  if (NAMES_OF_DEVELOPMENT.test(name)) return false;
  if (kind === 'environment') return NAMES_OF_PRODUCTION.test(name);
  // What lies in an environment for development is reached from there on purpose.
  return environment === undefined || NAMES_OF_PRODUCTION.test(environment);
}

/** A value that somebody keeps for the pipelines. */
export function isStored({ kind }: { readonly kind: string }): boolean {
  return kind === 'secret' || kind === 'secret-group' || kind === 'connection';
}

function actsOnProduction({ kind, environment, uses }: Thing): boolean {
  return (
    kind === 'image' ||
    kind === 'environment' ||
    environment !== undefined ||
    uses.some(({ acts, zones }) => acts !== undefined && zones.has('production'))
  );
}

/** Undefined when only production reaches it, or production does not, or when nothing is to be separated. */
export function rank(thing: Thing): Ranked | undefined {
  const zones = ['outsiders', 'development', 'by hand'] as const;
  const zone = zones.find((each) => has(thing, each));
  if (zone === undefined || !has(thing, 'production') || !isMeant(thing)) return undefined;
  const runsTheirs = thing.uses.some(
    ({ zones: own, runsForeignCode }) => own.has('outsiders') && runsForeignCode,
  );
  // Code of the project that an outsider only sets going hands nothing out by itself.
  const reach = zone === 'outsiders' && !runsTheirs ? (has(thing, 'development') ? 1 : 0.5) : REACH[zone];
  // Most build agents of one's own begin each job afresh; no file says so.
  const known = thing.kind === 'runner' && !runsTheirs ? 0.6 : 1;
  const score = known * thing.stake.weight * reach * (actsOnProduction(thing) ? ACTS.yes : ACTS.no);
  return { thing, score: Math.round(score * 10) / 10, zone };
}
