import { orgEntityId, principalIdOf, projectEntityId } from '#identity/principal.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { AccessRequest, PolicyContext, PolicyResource } from '../access-request.ts';
import { fail } from './evaluation-error.ts';
import { parseIpRange } from './ip-range.ts';
import { toPostureValue } from './posture-value.ts';
import { EntityName, ExtensionValue, type Value, type ValueRecord, fieldOf } from './value.ts';

/** What the request says about one entity. */
export interface EntityData {
  attribute(name: string): Value | undefined;
  tag(name: string): string | undefined;
  isIn(container: EntityName): boolean;
}

/** One request as the compiled conditions see it; built for each decision, so it computes late. */
export class RequestScope implements EntityData {
  readonly principal: EntityName;
  readonly action: EntityName;
  readonly resource: EntityName;
  readonly project: EntityName | undefined;
  readonly org: EntityName | undefined;
  readonly identityProvider: EntityName;
  /** Why the posture is not known, where it was asked for. */
  readonly postureUnknown: string | undefined;
  readonly #identity: WorkloadIdentity;
  readonly #resource: PolicyResource;
  readonly #contextInput: PolicyContext;
  #context: ValueRecord | undefined;

  constructor({ identity, action, resource, context }: AccessRequest) {
    const project = projectEntityId(identity);
    const org = orgEntityId(identity);
    this.principal = new EntityName('Workload', principalIdOf(identity));
    this.action = new EntityName('Action', action);
    this.resource = new EntityName('Resource', resource.name);
    this.project = project === undefined ? undefined : new EntityName('Project', project);
    this.org = org === undefined ? undefined : new EntityName('Org', org);
    this.identityProvider = new EntityName('IdentityProvider', identity.provider);
    this.postureUnknown = context.posture?.known === false ? context.posture.reason : undefined;
    this.#identity = identity;
    this.#resource = resource;
    this.#contextInput = context;
  }

  get context(): ValueRecord {
    this.#context ??= readContext(this.#contextInput);
    return this.#context;
  }

  /** Undefined for an entity that has no part in this request, as in a Cedar store that lacks it. */
  dataOf(entity: EntityName): EntityData | undefined {
    if (same(entity, this.principal)) return this;
    if (same(entity, this.resource)) return resourceData(this.#resource);
    if (same(entity, this.project)) return containerData([this.org, this.identityProvider]);
    if (same(entity, this.org)) return containerData([this.identityProvider]);
    return undefined;
  }

  attribute(name: string): Value | undefined {
    return name === 'claims' ? undefined : fieldOf(this.#identity, name);
  }

  tag(name: string): string | undefined {
    return Object.hasOwn(this.#identity.claims, name) ? this.#identity.claims[name] : undefined;
  }

  isIn(container: EntityName): boolean {
    return (
      same(container, this.project) || same(container, this.org) || same(container, this.identityProvider)
    );
  }
}

function same(entity: EntityName, other: EntityName | undefined): boolean {
  if (entity === other) return true;
  return other !== undefined && entity.id === other.id && entity.type === other.type;
}

function containerData(containers: readonly (EntityName | undefined)[]): EntityData {
  return {
    attribute: () => undefined,
    tag: () => undefined,
    isIn: (container) => containers.some((candidate) => same(container, candidate)),
  };
}

function resourceData(resource: PolicyResource): EntityData {
  return {
    attribute: (name) =>
      name === 'name' ? resource.name : name === 'privileged' ? resource.privileged : undefined,
    tag: (name) => (Object.hasOwn(resource.tags, name) ? resource.tags[name] : undefined),
    isIn: () => false,
  };
}

/** A time or an address that cannot be read makes every policy that looks at the context fail: a denial. */
function readContext({ nowMs, sourceIp, keyBound, posture }: PolicyContext): ValueRecord {
  if (!Number.isSafeInteger(Math.floor(nowMs))) fail('context.now is not a time');
  const now = new ExtensionValue({ type: 'datetime', value: BigInt(Math.floor(nowMs)) });
  return {
    now,
    keyBound,
    sourceIp: sourceIp === undefined ? undefined : readAddress(sourceIp),
    posture: posture?.known === true ? toPostureValue(posture.posture) : undefined,
  };
}

function readAddress(sourceIp: string): ExtensionValue {
  const range = parseIpRange(plainAddress(sourceIp)) ?? fail('context.sourceIp is not an address');
  return new ExtensionValue({ type: 'ipaddr', range });
}

/**
 * A socket that listens on both IP versions reports IPv4 peers as `::ffff:192.0.2.1` and link-local ones with
 * a zone; Cedar reads neither, and a policy for 192.0.2.0/24 means both spellings.
 */
export function plainAddress(address: string): string {
  const [withoutZone = ''] = address.split('%');
  return withoutZone.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
