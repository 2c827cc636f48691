/**
 * What each role may do; nothing else is allowed. A role that is held for a team only is asked with
 * `context.everywhere` false, and what it allows holds in the repositories of that team.
 * `docs/decisions/0021-people.md` has the reasons.
 */
export const builtInPeoplePolicies = `@id("everybody-own")
permit (principal, action == Action::"own", resource);

@id("owner")
permit (principal in Role::"owner", action, resource);

@id("security")
permit (
  principal in Role::"security",
  action in [
    Action::"view", Action::"viewRecord", Action::"triage", Action::"upload",
    Action::"propose", Action::"approve", Action::"manageLeases"
  ],
  resource
);

@id("developer")
permit (
  principal in Role::"developer",
  action in [Action::"view", Action::"triage", Action::"upload", Action::"propose"],
  resource
);

@id("approver")
permit (
  principal in Role::"approver",
  action in [Action::"view", Action::"approve"],
  resource
);

@id("auditor")
permit (
  principal in Role::"auditor",
  action in [Action::"view", Action::"viewRecord"],
  resource
);

@id("team-roles-stay-in-the-team")
forbid (
  principal,
  action in [
    Action::"viewRecord", Action::"propose", Action::"approve", Action::"manageLeases",
    Action::"configure", Action::"administer"
  ],
  resource
) unless { context.everywhere };

@id("tokens-are-no-people")
forbid (
  principal,
  action in [Action::"approve", Action::"administer"],
  resource
) when { principal.signedInBy == "token" };
`;
