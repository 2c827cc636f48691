import { quoteCedar } from '../cedar-text.ts';
import { nearestName } from '../nearest-name.ts';
import type { SchemaTree, Shape } from './schema-tree.ts';

/** What the platforms call things, where an edit distance would not find our name for it. */
const PLATFORM_WORDS: Readonly<Record<string, string>> = {
  repository: 'project.path',
  repo: 'project.path',
  repository_id: 'project.id',
  repository_owner: 'org.name',
  repository_owner_id: 'org.id',
  owner: 'org',
  namespace: 'org',
  namespace_id: 'org.id',
  project_path: 'project.path',
  branch: 'ref.full',
  tag: 'ref.full',
  ref_protected: 'ref.protected',
  sha: 'commit',
  event: 'trigger',
  event_name: 'trigger',
  pipeline_source: 'trigger',
  workflow: 'config.uri',
  workflow_ref: 'config.uri',
  job_workflow_ref: 'callee.uri',
  user: 'actor.login',
  user_id: 'actor.id',
  username: 'actor.login',
  sub: 'subject',
  iss: 'issuer',
  fork: 'forked',
};

interface Advice {
  message: string;
  remedy: string;
}

export function explainUnknownAttribute(
  parent: readonly string[],
  name: string,
  shape: Shape,
  tree: SchemaTree,
): Advice {
  const shown = `\`${[...parent, name.slice(0, 100)].join('.')}\` does not exist`;
  const owner = parent.join('.') || 'the value';
  const hasTags = shape.entityType !== undefined;
  if (hasTags && (name === 'tags' || name === 'claims')) {
    return { message: `${shown}; tags are not attributes.`, remedy: tagRemedy(owner, 'team') };
  }
  const nearest = nearestName(name, tree.pathsBelow(shape)) ?? platformWord(name, shape, tree);
  if (nearest !== undefined) {
    return {
      message: `${shown}; did you mean \`${nearest}\`?`,
      remedy: `Write \`${owner}.${nearest}\`, guarded with \`${owner} has ${nearest} && …\` where it is optional.`,
    };
  }
  const names = [...shape.attributes.keys()].join(', ');
  const remedy = `\`${owner}\` has ${names === '' ? 'no attributes' : names}.`;
  return { message: `${shown}.`, remedy: hasTags ? `${remedy} ${tagRemedy(owner, name)}` : remedy };
}

function platformWord(name: string, shape: Shape, tree: SchemaTree): string | undefined {
  const word = name.toLowerCase();
  const path = Object.hasOwn(PLATFORM_WORDS, word) ? PLATFORM_WORDS[word] : undefined;
  return path !== undefined && tree.pathsBelow(shape).includes(path) ? path : undefined;
}

function tagRemedy(owner: string, name: string): string {
  const tag = quoteCedar(name.slice(0, 100));
  const what =
    owner === 'resource' ? 'A tag of the resource' : 'A claim of the token as the platform wrote it';
  return `${what} is read with \`${owner}.hasTag(${tag}) && ${owner}.getTag(${tag}) == "…"\`.`;
}
