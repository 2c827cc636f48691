import type { Confidence, Persona, Severity } from '#findings/severity.ts';
import type { FoundTrust } from '../../trust/found-trust.ts';
import type { TrustReach } from '../../trust/reach.ts';

export interface Weight {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly persona: Persona;
}

const forAll = (severity: Severity): Weight => ({ severity, confidence: 'high', persona: 'regular' });
const forAuditors: Weight = { severity: 'low', confidence: 'medium', persona: 'auditor' };

/** How bad it is; undefined for trust that names one place. */
function weighOpenness(trust: FoundTrust, reach: readonly TrustReach[]): Weight | undefined {
  const isPrivileged = trust.privilege !== undefined;
  // Not only called so, but given everything.
  const isAdministrator = /Access$|^roles\//.test(trust.privilege ?? '');
  const isShared = trust.alsoExact && !trust.isForLooking;
  switch (trust.openness) {
    case 'anyone':
      return forAll(isPrivileged ? 'critical' : 'high');
    case 'owner':
      // The condition that Google itself asks for; bindings then say which repository gets what.
      return trust.notation === 'google-provider' ? forAuditors : forAll(isPrivileged ? 'high' : 'medium');
    case 'repository':
      if (isAdministrator || reach.some(({ outside }) => outside)) return forAll('high');
      return forAll(isPrivileged || isShared ? 'medium' : 'low');
    case 'branch':
      if (isAdministrator) return forAll('high');
      return forAll(isPrivileged || isShared ? 'medium' : 'low');
    case 'pull-request':
      // A role that pull requests plan with is often meant so, as long as nothing else has it.
      if (isAdministrator) return forAll('high');
      return isPrivileged || isShared ? forAll('medium') : forAuditors;
    case 'pattern':
    // What nobody gets in by today is what somebody makes wider tomorrow.
    case 'nobody':
      return forAuditors;
    case 'unknown':
    case 'exact':
    default:
      return undefined;
  }
}

export function weigh(trust: FoundTrust, reach: readonly TrustReach[]): Weight | undefined {
  const weight = weighOpenness(trust, reach);
  return weight === undefined || trust.sure ? weight : { ...weight, confidence: 'medium' };
}
