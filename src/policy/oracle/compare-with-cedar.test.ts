import { expect, it } from 'vitest';
import { compareWithCedar } from './compare-with-cedar.ts';
import { quoteCedar } from '../cedar-text.ts';
import { loadCedar } from '../cedar-runtime.ts';
import { extensionFunctions } from '../engine/extension-calls.ts';
import { showValue } from '../explain/show-value.ts';
import { ExtensionValue } from '../engine/value.ts';
import { createRandomSource } from './random-source.ts';
import { addresses, datetimes, decimals, durations } from './sample-values.ts';

it('decides 20,000 random requests like cedar-wasm', { timeout: 90_000 }, async () => {
  const comparison = await compareWithCedar({
    seed: 20_260_101,
    requests: 20_000,
    policiesPerSet: 10,
    requestsPerSet: 50,
  });
  expect(comparison.differences).toEqual([]);
  expect(comparison.requests).toBe(20_000);
  // Equality would be cheap if nothing ever matched, failed or was compiled.
  expect(comparison.matches).toBeGreaterThan(5_000);
  expect(comparison.failures).toBeGreaterThan(1_000);
  expect(comparison.fallbackPolicies).toBeLessThan(comparison.policies / 50);
});

/** Texts that are nearly right: a valid one with a character changed, dropped, doubled or moved. */
function mutations(samples: readonly string[], count: number, seed: number): string[] {
  const random = createRandomSource(seed);
  return Array.from({ length: count }, () => {
    let text = random.pick(samples);
    for (let change = random.below(3); change > 0; change -= 1) {
      const at = random.below(text.length + 1);
      const inserted = random.pick([
        '',
        '0',
        '9',
        '1',
        '-',
        '.',
        ':',
        '/',
        'Z',
        'T',
        'd',
        'h',
        'ms',
        '+',
        'f',
        ' ',
        '٣',
      ]);
      text = text.slice(0, at) + inserted + text.slice(at + random.below(2));
    }
    return text;
  });
}

it.each([
  ['ip', addresses],
  ['decimal', decimals],
  ['datetime', datetimes],
  ['duration', durations],
])('reads %s texts as cedar-wasm does, and refuses the same', async (name, samples) => {
  const cedar = await loadCedar();
  const texts = mutations(samples, 2_000, 7);
  const values = texts.map((text) => read(name, text));
  // Ours, written out again, must be to Cedar the same value as the text.
  const policies = texts.map((text, index) => {
    const ours = values[index] ?? 'false';
    return [
      `p${index}`,
      `permit (principal, action, resource) when { ${name}(${quoteCedar(text)}) == ${ours} };`,
    ];
  });
  const entity = { type: 'A', id: 'a' };
  const answer = cedar.isAuthorized({
    principal: entity,
    action: { type: 'Action', id: 'a' },
    resource: entity,
    context: {},
    entities: [],
    policies: { staticPolicies: Object.fromEntries(policies) },
  });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors.slice(0, 3)));
  const equal = new Set(answer.response.diagnostics.reason);
  const refused = new Set(answer.response.diagnostics.errors.map(({ policyId }) => policyId));
  const differing = texts.filter((_, index) => {
    const key = `p${index}`;
    return values[index] === undefined ? !refused.has(key) : !equal.has(key);
  });
  expect(differing).toEqual([]);
  expect(equal.size).toBeGreaterThan(200);
  expect(refused.size).toBeGreaterThan(200);
});

/** Our reading of a text, as an expression that Cedar can read; undefined where we refuse it. */
function read(name: string, text: string): string | undefined {
  try {
    const value = extensionFunctions[name]?.call([text]);
    if (!(value instanceof ExtensionValue)) return undefined;
    // Beyond the year 9999 a datetime has no text, but still a distance from the epoch.
    if (value.content.type !== 'datetime') return `${name}("${showValue(value)}")`;
    return `datetime("1970-01-01").offset(duration("${value.content.value}ms"))`;
  } catch {
    return undefined;
  }
}
