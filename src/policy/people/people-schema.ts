/** What people and their API tokens may be and do. `#api/action.ts` and `#api/person.ts` have the same words. */
export const personRoles = ['owner', 'security', 'developer', 'approver', 'auditor'] as const;
export type PersonRole = (typeof personRoles)[number];

export const personActions = [
  'own',
  'view',
  'viewRecord',
  'triage',
  'upload',
  'propose',
  'approve',
  'manageLeases',
  'configure',
  'administer',
] as const;
export type PersonAction = (typeof personActions)[number];

/** What a policy for people can know, in Cedar's own schema language. */
export const peopleSchemaText = `// A role of vouchgate.yaml: owner, security, developer, approver, auditor.
entity Role;

// An entry of people.teams in vouchgate.yaml.
entity Team;

// Somebody who signed in, or the API token that acts in their name.
entity Person in [Role, Team] = {
  subject: String,
  signedInBy: String,
  groups: Set<String>,
};

// This installation: the only resource.
entity Vouchgate;

action ${personActions.join(', ')} appliesTo {
  principal: [Person],
  resource: [Vouchgate],
  context: { everywhere: Bool },
};
`;

export const PERSON_ATTRIBUTES: ReadonlySet<string> = new Set(['subject', 'signedInBy', 'groups']);
export const CONTEXT_ATTRIBUTES: ReadonlySet<string> = new Set(['everywhere']);
