import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import { type Cedar, callCedar } from './cedar-runtime.ts';
import type { ReadPolicy } from './engine/compiled-policy.ts';
import type { PolicyProblem } from './problem.ts';
import { readPolicy } from './read-policy.ts';
import { type SourcePolicy, utf16Offset } from './source/source-policy.ts';
import { tokenize } from './source/tokenize.ts';

export interface ParsedPolicy {
  /** Names it towards Cedar, unlike `@id` known to be unique. */
  key: string;
  source: SourcePolicy;
  policy: ReadPolicy;
}

export type ParseResult = { ok: true; parsed: ParsedPolicy } | { ok: false; problems: PolicyProblem[] };

const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/** Reads one policy as far as its own text goes; types and names are checked later. */
export function parsePolicy(cedar: Cedar, key: string, source: SourcePolicy): ParseResult {
  if (source.tooComplex !== undefined) {
    const message = `The policy is too complex: ${source.tooComplex}.`;
    return refused(source, 0, 'policy_too_complex', message, 'Split it into several policies.');
  }
  const answer = callCedar(() => cedar.policyToJson(source.text));
  if (answer.type === 'failure') return refuseSyntax(cedar, source, answer.errors);
  const id = answer.json.annotations?.['id'];
  if (id === undefined) {
    const remedy = 'Put a name before it: `@id("shop-deploy")`. Decisions and the record name it.';
    return refused(source, 0, 'policy_id_missing', 'The policy has no @id.', remedy);
  }
  if (!ID_PATTERN.test(id)) {
    const remedy = 'Use letters, digits, `-`, `_` and `.`, at most 100: `@id("shop-deploy")`.';
    return refused(source, 0, 'policy_id_invalid', 'The @id of the policy cannot be used.', remedy);
  }
  return { ok: true, parsed: { key, source, policy: readPolicy(id, answer.json) } };
}

function refuseSyntax(cedar: Cedar, source: SourcePolicy, errors: readonly DetailedError[]): ParseResult {
  if (callCedar(() => cedar.templateToJson(source.text)).type === 'success') {
    const remedy = 'Write the entity in place of the slot, in a policy for each.';
    return refused(
      source,
      slotOffset(source.text),
      'policy_template',
      'Templates are not supported.',
      remedy,
    );
  }
  const problems = errors.slice(0, 5).map((error): PolicyProblem => {
    const [location] = error.sourceLocations ?? [];
    const offset = location === undefined ? 0 : utf16Offset(source.text, location.start);
    const message = `Not valid Cedar: ${error.message.replace('failed to parse policy from string: ', '').slice(0, 500)}.`;
    const remedy =
      error.help ?? 'A policy reads `@id("name") permit (principal, action, resource) when { … };`.';
    return { code: 'policy_syntax', severity: 'error', ...source.positionAt(offset), message, remedy };
  });
  return { ok: false, problems };
}

function slotOffset(text: string): number {
  for (const token of tokenize(text)) if (token.text === '?') return token.start;
  return 0;
}

function refused(
  source: SourcePolicy,
  offset: number,
  code: PolicyProblem['code'],
  message: string,
  remedy: string,
): ParseResult {
  return {
    ok: false,
    problems: [{ code, severity: 'error', ...source.positionAt(offset), message, remedy }],
  };
}
