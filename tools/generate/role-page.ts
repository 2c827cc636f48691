import { code, page, table } from './markdown.ts';
import type { Generator } from './output.ts';

/** What each role may do, as the policies themselves decide it. */
export const rolePage: Generator = {
  path: 'docs/reference/roles.md',
  sources: ['src/policy/people/built-in-policies.ts', 'src/api/action-meanings.ts'],
  generate: async () => {
    const { personActions, personRoles, peopleSchemaText } = await import('#policy/people/people-schema.ts');
    const { builtInPeoplePolicies } = await import('#policy/people/built-in-policies.ts');
    const { compilePeoplePolicies } = await import('#policy/people/compile-people-policies.ts');
    const { actionMeanings } = await import('#api/action-meanings.ts');
    const { routes } = await import('#api/routes.ts');
    const compilation = await compilePeoplePolicies([], new Set());
    if (!compilation.ok) throw new TypeError('the built-in policies for people are not valid');
    const { policy } = compilation;
    const cell = (role: (typeof personRoles)[number], action: (typeof personActions)[number]): string => {
      if (!policy.rolesFor(action, true).includes(role)) return '';
      return policy.rolesFor(action, false).includes(role) ? 'yes' : 'everywhere only';
    };
    return page(
      'Roles',
      'What people may do, made from the built-in policies. A role is given to groups in `people.roles` of vouchgate.yaml, everywhere or for one team; what says “everywhere only” is not part of a role that is held for a team. API tokens never `approve` and never `administer`. Why it is so: [decision 21](../decisions/0021-people.md).',
      table(
        ['action', ...personRoles, 'what it is'],
        personActions.map((action) => [
          code(action),
          ...personRoles.map((role) => cell(role, action)),
          actionMeanings[action],
        ]),
      ),
      '## Operations by action',
      ...personActions.map((action) => {
        const operations = Object.values(routes).flatMap((route) =>
          route.auth !== 'none' && route.action === action ? [code(`${route.method} ${route.path}`)] : [],
        );
        return `**${action}**: ${operations.join(' · ') || 'none'}`;
      }),
      '## Policies of your own',
      'Cedar files in the folder `people/` beside vouchgate.yaml take part: a `permit` adds to a role, a `forbid` takes away and wins. They are validated when they are loaded, against this schema:',
      `\`\`\`cedar schema\n${peopleSchemaText}\`\`\``,
      'The built-in policies, whose ids are taken:',
      `\`\`\`cedar built-in\n${builtInPeoplePolicies}\`\`\``,
    );
  },
};
