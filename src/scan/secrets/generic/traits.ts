import type { CompiledRule } from '../compiled-rule.ts';
import { judgeAssignment, leadsToValue } from './assignment.ts';
import { judgeBasic, judgeBearer, judgeDockerAuth, judgeUserOption } from './authorization.ts';
import { judgeWebKey } from './json-web-key.ts';
import { judgeUrl, leadsToCredentials } from './url-credentials.ts';

/** What rules of the generic tier do beyond their data, by id. */
export const genericTraits: Readonly<Record<string, Partial<CompiledRule>>> = {
  assignment: { leads: leadsToValue, judge: judgeAssignment, weighed: true },
  'ldap-bind-password': { judge: judgeAssignment, weighed: true },
  'snowflake-password': { judge: judgeAssignment, weighed: true },
  'ansible-vault-password': { judge: judgeAssignment, weighed: true },
  'url-credentials': { leads: leadsToCredentials, judge: judgeUrl, weighed: true },
  'docker-auth': { judge: judgeDockerAuth },
  'basic-authorization': { judge: judgeBasic },
  'bearer-token': { judge: judgeBearer, weighed: true },
  'user-option': { judge: judgeUserOption, weighed: true },
  'json-web-key': { judge: judgeWebKey },
};
