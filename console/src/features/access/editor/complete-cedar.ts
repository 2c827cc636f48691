import type { PolicySchema } from '#api/access-use.ts';

export interface Suggested {
  label: string;
  /** What is written, where that is more than the label. */
  apply?: string;
  detail?: string;
  info?: string;
  type: 'keyword' | 'property' | 'constant' | 'type';
}

export interface Completed {
  /** Characters before the cursor that are replaced. */
  replace: number;
  options: Suggested[];
}

const KEYWORDS = [
  'permit',
  'forbid',
  'when',
  'unless',
  'principal',
  'action',
  'resource',
  'context',
  'has',
  'like',
  'in',
  'is',
];

/** What may stand at the end of `before`, the text of the line up to the cursor. */
export function completeCedar(before: string, schema: PolicySchema): Completed | undefined {
  return (
    completeEntity(before, schema) ??
    completeValue(before, schema) ??
    completeHas(before, schema) ??
    completePath(before, schema) ??
    completeWord(before)
  );
}

function completeEntity(before: string, schema: PolicySchema): Completed | undefined {
  const match = /\b(Resource|Project|Org|IdentityProvider|Action)::"([^"]*)$/.exec(before);
  if (match === null) return undefined;
  const [, kind = '', typed = ''] = match;
  return { replace: typed.length, options: entitiesOf(kind, schema) };
}

function entitiesOf(kind: string, schema: PolicySchema): Suggested[] {
  const named = (label: string, detail?: string | null): Suggested => ({
    label,
    type: 'constant',
    ...(detail === undefined || detail === null ? {} : { detail }),
  });
  if (kind === 'Resource') {
    return schema.resources.map(({ name, privileged }) => named(name, privileged ? 'privileged' : undefined));
  }
  if (kind === 'Project') return schema.projects.map(({ id, path }) => named(id, path));
  if (kind === 'Org') return schema.orgs.map(({ id, name }) => named(id, name));
  if (kind === 'IdentityProvider') return schema.identityProviders.map((name) => named(name));
  return schema.actions.map((name) => named(name));
}

function completeValue(before: string, schema: PolicySchema): Completed | undefined {
  const match = /\b((?:principal|resource|context)(?:\.\w+)+)\s*(?:==|!=|like)\s*"([^"]*)$/.exec(before);
  if (match === null) return undefined;
  const [, path = '', typed = ''] = match;
  const values = schema.attributes.find((attribute) => attribute.path === path)?.values ?? [];
  return {
    replace: typed.length,
    options: values.map((label) => ({ label, type: 'constant', detail: 'seen' })),
  };
}

function completeHas(before: string, schema: PolicySchema): Completed | undefined {
  const match = /\b(principal|context) has ([\w.]*)$/.exec(before);
  if (match === null) return undefined;
  const [, variable = '', typed = ''] = match;
  const options = schema.attributes
    .filter(({ path, optional }) => optional && path.startsWith(`${variable}.`))
    .map(({ path, type, doc }) => suggest(path.slice(variable.length + 1), type, doc));
  return { replace: typed.length, options };
}

/** `principal.re` → `ref.full`; what a platform may leave out is written with its guard. */
function completePath(before: string, schema: PolicySchema): Completed | undefined {
  const match = /\b(principal|resource|context)\.([\w.]*)$/.exec(before);
  if (match === null) return undefined;
  const [whole, variable = '', typed = ''] = match;
  const guarded = (path: string) => before.includes(`${variable} has ${path}`);
  const options = schema.attributes
    .filter(({ path }) => path.startsWith(`${variable}.`))
    .map(({ path, type, doc, optional }): Suggested => {
      const rest = path.slice(variable.length + 1);
      if (!optional || guarded(rest)) return { ...suggest(rest, type, doc), label: path };
      const apply = `${variable} has ${rest} && ${path}`;
      return { ...suggest(rest, type, doc), label: path, apply, detail: `${type}, guarded` };
    });
  return {
    replace: whole.length,
    options: typed === '' ? options : options.filter(({ label }) => label.startsWith(whole)),
  };
}

function suggest(label: string, type: string, doc: string): Suggested {
  return { label, type: 'property', detail: type, info: doc };
}

function completeWord(before: string): Completed | undefined {
  const match = /\b[a-z]+$/.exec(before);
  if (match === null || /"[^"]*$/.test(before.replaceAll(/"[^"]*"/g, ''))) return undefined;
  return { replace: match[0].length, options: KEYWORDS.map((label) => ({ label, type: 'keyword' })) };
}
