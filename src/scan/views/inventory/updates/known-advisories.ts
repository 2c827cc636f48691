import { actionIncidents } from '../../../rules/compromised-action/incidents.ts';
import { actionAdvisories } from '../../../rules/vulnerable-action/advisories.ts';
import type { Version } from '../../../shared/action-versions.ts';
import type { Affected } from '../advisory.ts';

function before(fixed: Version | undefined, from?: Version): Affected {
  const end = fixed === undefined ? [] : [{ fixed: fixed.join('.') }];
  const events = [{ introduced: from?.join('.') ?? '0' }, ...end];
  return { ranges: [{ type: 'ECOSYSTEM', events }] };
}

/** What our own tables know of an action, as advisories say it: versions that an attacker moved are no way out. */
export function ownAdvisoriesAbout(repository: string): readonly Affected[] {
  const mistakes = actionAdvisories.filter((each) => each.repository === repository);
  const attacks = actionIncidents.filter(
    ({ repositories, safeFrom, allReferences }) =>
      repositories.includes(repository) && (allReferences || safeFrom !== undefined),
  );
  return [
    ...mistakes.map(({ from, below }) => before(below, from)),
    ...attacks.map(({ safeFrom }) => before(safeFrom)),
  ];
}
