import type { ActionUse } from '../model.ts';

/** Actions that end a run of somebody without rights, by their own description. */
const ENDS_RUN = new Set([
  'prince-chrismc/check-actor-permissions-action',
  'sushichop/action-repository-permission',
  'skjnldsv/check-actor-permission',
  'morfien101/actions-authorized-user',
  'xt0rted/slash-command-action',
]);
/** Actions that say what rights somebody has, and leave it to conditions. */
const ANSWERS = new Set([
  'actions-cool/check-user-permission',
  'lannonbr/repo-permission-check-action',
  'scherermichael-oss/action-has-permission',
  'im-open/is-actor-authorized',
  'tspascoal/get-user-teams-membership',
]);
/** `…/collaborators/<name>/permission`, and its like in JavaScript. */
const ASKS_RIGHTS =
  /\/collaborators\/[^\n]{0,200}\bpermission\b|\bgetCollaboratorPermissionLevel\b|\bcheckCollaborator\b|\bcheckMembershipForUser\b|\bgetMembershipForUserInOrg\b/;

export function endsRunWithoutRights({ reference }: ActionUse): boolean {
  return ENDS_RUN.has(reference.repository);
}

export function answersAboutRights({ reference }: ActionUse): boolean {
  return ANSWERS.has(reference.repository);
}

/** Whether a program asks the platform what rights somebody has. */
export function asksAboutRights(program: string): boolean {
  return ASKS_RIGHTS.test(program);
}
