import type { Context, EntityJson, EntityUid, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { orgEntityId, principalIdOf, projectEntityId } from '#identity/principal.ts';
import type { AccessRequest } from './access-request.ts';
import { plainAddress } from './engine/request-scope.ts';
import type { PolicyPosture } from './posture.ts';

/** A request in the JSON that Cedar itself takes: for the oracle, for the fallback and for people who use its tools. */
export interface CedarRequest {
  principal: EntityUid;
  action: EntityUid;
  resource: EntityUid;
  context: Context;
  entities: EntityJson[];
}

/** The same entities, attributes, tags and parents that the own engine sees. */
export function toCedarRequest({ identity, action, resource, context }: AccessRequest): CedarRequest {
  const provider = { type: 'IdentityProvider', id: identity.provider };
  const org = entity('Org', orgEntityId(identity));
  const project = entity('Project', projectEntityId(identity));
  const principal = { type: 'Workload', id: principalIdOf(identity) };
  const target = { type: 'Resource', id: resource.name };
  const { claims, ...attributes } = identity;
  const entities: EntityJson[] = [
    {
      uid: principal,
      attrs: withoutAbsent(attributes),
      parents: present(project, org, provider),
      tags: claims,
    },
    { uid: provider, attrs: {}, parents: [] },
    {
      uid: target,
      attrs: { name: resource.name, privileged: resource.privileged },
      parents: [],
      tags: { ...resource.tags },
    },
  ];
  if (project !== undefined) entities.push({ uid: project, attrs: {}, parents: present(org, provider) });
  if (org !== undefined) entities.push({ uid: org, attrs: {}, parents: [provider] });
  return {
    principal,
    action: { type: 'Action', id: action },
    resource: target,
    context: toContext(context),
    entities,
  };
}

type Attribute = string | boolean | undefined | { readonly [name: string]: string | boolean | undefined };

function entity(type: string, id: string | undefined): TypeAndId | undefined {
  return id === undefined ? undefined : { type, id };
}

function present(...entities: (TypeAndId | undefined)[]): TypeAndId[] {
  return entities.filter((candidate) => candidate !== undefined);
}

/** Members that are present but undefined would reach Cedar as null, which it refuses. */
function withoutAbsent(attributes: Readonly<Record<string, Attribute>>): EntityJson['attrs'] {
  const present: EntityJson['attrs'] = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) present[name] = typeof value === 'object' ? withoutAbsent(value) : value;
  }
  return present;
}

function toContext({ nowMs, sourceIp, keyBound, posture }: AccessRequest['context']): Context {
  const now = { __extn: { fn: 'datetime', arg: new Date(Math.floor(nowMs)).toISOString() } };
  return {
    now,
    keyBound,
    ...(sourceIp === undefined ? {} : { sourceIp: { __extn: { fn: 'ip', arg: plainAddress(sourceIp) } } }),
    ...(posture?.known === true ? { posture: toPostureJson(posture.posture) } : {}),
  };
}

function toPostureJson({ reported, ...posture }: PolicyPosture): Context {
  return reported === undefined ? posture : { ...posture, reported };
}
