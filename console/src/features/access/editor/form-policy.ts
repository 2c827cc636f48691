/** What the guided form asks; empty text: any. */
export interface PolicyForm {
  id: string;
  effect: 'permit';
  /** Cedar entity of the scope: `Project::"github/456"`. */
  principalType: 'Project' | 'Org' | 'IdentityProvider';
  principalId: string;
  resource: string;
  ref: string;
  environment: string;
  trigger: string;
  noForks: boolean;
  keyBound: boolean;
  posture: boolean;
  /** For the next reader. */
  comment: string;
}

export const EMPTY_FORM: PolicyForm = {
  id: '',
  effect: 'permit',
  principalType: 'Project',
  principalId: '',
  resource: '',
  ref: '',
  environment: '',
  trigger: '',
  noForks: true,
  keyBound: false,
  posture: false,
  comment: '',
};

/** A string of the Cedar language; what is no plain text is escaped, so that a name cannot end it. */
export function quote(text: string): string {
  const escaped = text.toWellFormed().replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]|["\\]/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
  return `"${escaped}"`;
}

function refCondition(ref: string): string {
  const test = ref.includes('*') ? `like ${quote(ref)}` : `== ${quote(ref)}`;
  return `principal has ref.full && principal.ref.full ${test}`;
}

/** The Cedar of the form, as a person would have written it. */
export function writePolicy(form: PolicyForm): string {
  const { environment, trigger } = form;
  const conditions = [
    ...(form.ref === '' ? [] : [refCondition(form.ref)]),
    ...(environment === ''
      ? []
      : [`principal has environment.name && principal.environment.name == ${quote(environment)}`]),
    ...(trigger === '' ? [] : [`principal has trigger && principal.trigger == ${quote(trigger)}`]),
    ...(form.noForks ? ['principal has forked && !principal.forked'] : []),
    ...(form.keyBound ? ['context.keyBound'] : []),
    ...(form.posture ? ['context has posture && context.posture.grade == "pass"'] : []),
  ];
  const comment = form.comment.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').trim();
  return [
    ...(comment === '' ? [] : [`// ${comment}`]),
    `@id(${quote(form.id)})`,
    'permit (',
    `  principal in ${form.principalType}::${quote(form.principalId)},`,
    '  action == Action::"issue",',
    `  resource == Resource::${quote(form.resource)}`,
    conditions.length === 0 ? ');' : `) when {\n  ${conditions.join(' &&\n  ')}\n};`,
    '',
  ].join('\n');
}

/** What keeps the form from being a policy, by field. */
export function missingIn(form: PolicyForm): Partial<Record<keyof PolicyForm, string>> {
  return {
    ...(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(form.id)
      ? {}
      : { id: 'Letters, digits, `-`, `_` and `.`, such as shop-deploy' }),
    ...(form.principalId === '' ? { principalId: 'Choose who' } : {}),
    ...(form.resource === '' ? { resource: 'Choose what' } : {}),
  };
}
