import type { CredentialUse, ForeignValue, Insertion, Place, Start, StoreUse } from '../surface.ts';
import { pathOf } from '../expression.ts';
import type { Expression, Text } from '../text.ts';
import { moreOpen } from '../trigger.ts';

export type Hop = Place & { readonly label: string };

/** Foreign text on its way through parameters and results. */
export interface Flow extends ForeignValue {
  readonly hops: readonly Hop[];
}

/** What is known at a place: foreign text by the path under which an expression reads it, in lower case. */
export type Resolve = (path: string, expression: Expression) => Flow | undefined;

/** What a definition gets from all that lead to it. */
export interface Context {
  readonly starts: readonly Start[];
  readonly flows: ReadonlyMap<string, Flow>;
  readonly credentials: readonly CredentialUse[];
  readonly caches: readonly StoreUse[];
  readonly approvals: readonly Place[];
}

export const emptyContext: Context = {
  starts: [],
  flows: new Map(),
  credentials: [],
  caches: [],
  approvals: [],
};

/** What nobody in this repository leads to: whoever refers to it decides. */
export const callerStart: Start = {
  what: 'whatever refers to it',
  actor: 'caller',
  code: 'caller',
  authority: 'caller',
  production: false,
  setting: undefined,
};

const STARTS_MAX = 20;
const CREDENTIALS_MAX = 100;
const HOPS_MAX = 8;

/** The one that more people can write. */
function worse(left: Flow, right: Flow): Flow {
  return moreOpen(left.writtenBy, right.writtenBy) === left.writtenBy ? left : right;
}

function distinct<Item>(items: readonly Item[], keyOf: (item: Item) => string, max: number): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()].slice(0, max);
}

export function mergeFlows(
  left: ReadonlyMap<string, Flow>,
  right: ReadonlyMap<string, Flow>,
): Map<string, Flow> {
  const merged = new Map(left);
  for (const [path, flow] of right) {
    const known = merged.get(path);
    merged.set(path, known === undefined ? flow : worse(known, flow));
  }
  return merged;
}

/** Both ways to one definition. A wait counts only where every way has it. */
export function mergeContexts(left: Context | undefined, right: Context): Context {
  if (left === undefined) return right;
  return {
    starts: distinct([...left.starts, ...right.starts], describeStart, STARTS_MAX),
    flows: mergeFlows(left.flows, right.flows),
    credentials: distinctCredentials([...left.credentials, ...right.credentials]),
    caches: [...left.caches, ...right.caches].slice(0, CREDENTIALS_MAX),
    approvals: left.approvals.length === 0 ? [] : right.approvals,
  };
}

function describeStart({ what, actor, code, production }: Start): string {
  return `${what} ${actor} ${code} ${production}`;
}

export function distinctCredentials(credentials: readonly CredentialUse[]): CredentialUse[] {
  return distinct(credentials, ({ kind, name }) => `${kind} ${name}`, CREDENTIALS_MAX);
}

/** The flow one station further; a long way is told by its beginning and its end. */
export function passOn(flow: Flow, hop: Hop): Flow {
  const hops = flow.hops.length < HOPS_MAX ? flow.hops : flow.hops.slice(0, HOPS_MAX - 1);
  return { ...flow, hops: [...hops, hop] };
}

/** The foreign text in a value, each with the expression that puts it there. */
export function flowsIn(text: Text, resolve: Resolve): { expression: Expression; flow: Flow }[] {
  return text.expressions.flatMap((expression) => {
    if (!expression.parsed.ok) return [];
    const path = pathOf(expression.parsed.root);
    const flow = path === undefined ? undefined : resolve(path, expression);
    return flow === undefined ? [] : [{ expression, flow }];
  });
}

/** The worst of the foreign text in a value. */
export function worstFlowIn(text: Text | undefined, resolve: Resolve): Flow | undefined {
  if (text === undefined || text.isConstant) return undefined;
  const flows = flowsIn(text, resolve).map(({ flow }) => flow);
  return flows.reduce<Flow | undefined>(
    (worst, flow) => (worst === undefined ? flow : worse(worst, flow)),
    undefined,
  );
}

export function insertionsIn(text: Text, into: Insertion['into'], resolve: Resolve): Insertion[] {
  return flowsIn(text, resolve).map(({ expression, flow }) => ({ ...flow, text, into, ...expression.outer }));
}

/** The most open of those who start it; a member when nobody is known. */
export function actorOf(starts: readonly Start[]): Start['actor'] {
  return starts.reduce<Start['actor']>((actor, start) => moreOpen(actor, start.actor), 'member');
}
