import type { Fact } from '#identity/refusal.ts';
import type { PolicyDecision } from '#policy/access-request.ts';
import type { ExchangeDenial } from './exchange.ts';
import type { PostureFinding, PostureInspection } from './posture-source.ts';

const FINDINGS_TOLD_MAX = 5;
const REASONS_TOLD_MAX = 5;
const FACT_CHARS_MAX = 300;
const COMMIT_CHARS = 12;

/** True when nothing but the posture stands between the workload and the resource, as far as the nearest policy goes. */
export function failsByPosture({ facts }: Extract<PolicyDecision, { outcome: 'deny' }>): boolean {
  const [first, ...rest] = facts;
  const next = rest.findIndex(({ name }) => name === 'policy');
  const nearest = next === -1 ? rest : rest.slice(0, next);
  if (first?.name !== 'policy' || nearest.length === 0) return false;
  return nearest.every(({ name }) => name.startsWith('context.posture'));
}

/** A denial that teaches: which finding, where, and what mends it; or why nothing is known. */
export function denyByPosture(
  inspection: PostureInspection,
  decision: Extract<PolicyDecision, { outcome: 'deny' }>,
  resource: string,
): ExchangeDenial {
  const facts = [...factsOfPosture(inspection), ...decision.facts];
  if (!inspection.known) {
    return {
      code: 'posture_unknown',
      message: `\`${resource}\` is only for pipelines that were inspected, and this one could not be: ${inspection.reason}.`,
      facts,
      remedy: inspection.retryable
        ? 'Try again shortly with a fresh token; the operator finds the cause in the log.'
        : 'The operator must mend what keeps the server from the definitions (docs/guides/gate.md).',
      retryable: inspection.retryable,
    };
  }
  const { findings, reasons, facts: seen } = inspection.posture;
  const [worst] = findings;
  return {
    code: 'posture_failed',
    message:
      worst === undefined
        ? `The pipeline is not as a policy demands it for \`${resource}\`: ${reasons[0] ?? `its grade is ${seen.grade}`}.`
        : `The pipeline has ${findings.length === 1 ? 'a finding that blocks' : `${seen.blocking} findings that block`} \`${resource}\`: ${worst.rule} at ${worst.file}:${worst.line}.`,
    facts,
    remedy:
      worst === undefined
        ? 'Mend what the facts name; `vouchgate gate` in a checkout of the commit says the same before it is pushed.'
        : `${clip(worst.remedy)} \`vouchgate gate\` in a checkout of the commit shows every finding with its fix.`,
    retryable: false,
  };
}

/** Facts about the pipeline itself; they stand before those about policies. */
export function factsOfPosture(inspection: PostureInspection): readonly Fact[] {
  if (!inspection.known) {
    return [{ name: 'posture', expected: 'known', received: clip(`unknown: ${inspection.reason}`) }];
  }
  const { findings, reasons } = inspection.posture;
  return [
    ...findings.slice(0, FINDINGS_TOLD_MAX).map((finding) => ({
      name: 'posture.finding',
      expected: 'none that blocks',
      received: describeFinding(finding),
    })),
    ...reasons.slice(0, REASONS_TOLD_MAX).map((reason) => ({
      name: 'posture.reason',
      expected: 'none',
      received: clip(reason),
    })),
  ];
}

function describeFinding({ rule, severity, message, file, line, commit }: PostureFinding): string {
  return clip(`${rule} (${severity}) ${file}:${line} at ${commit.slice(0, COMMIT_CHARS)}: ${message}`);
}

/** File names and messages hold what a stranger wrote, and facts end up in terminals. */
function clip(text: string): string {
  const printable = text
    .slice(0, FACT_CHARS_MAX + 1)
    .toWellFormed()
    .replaceAll(/\p{C}/gu, '\uFFFD');
  return printable.length <= FACT_CHARS_MAX ? printable : `${printable.slice(0, FACT_CHARS_MAX - 1)}…`;
}
