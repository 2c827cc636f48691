import { expect, it } from 'vitest';
import type { Step } from '#pipeline/model.ts';
import { readDefinitions } from '#pipeline/read-file.ts';
import { SourceText } from '#pipeline/source.ts';
import { findConsent, refusesLaterPushes } from './consent.ts';

/** The last step of the last job. */
function lastStep(jobs: object): Step {
  const text = JSON.stringify({ on: 'issue_comment', jobs });
  const [definition] = readDefinitions(new SourceText('.github/workflows/a.yml', text)).definitions;
  const step = definition?.kind === 'pipeline' ? definition.pipeline.jobs.at(-1)?.steps.at(-1) : undefined;
  if (step === undefined) throw new Error('a test without a step');
  return step;
}

const kindOf = (jobs: object) => findConsent(lastStep(jobs))?.kind;
const guarded = (guard: string) => ({ a: { if: guard, steps: [{ run: 'x' }] } });
const LABEL = "contains(github.event.pull_request.labels.*.name, 'safe')";

it.each([
  [LABEL, 'label'],
  [`github.event.issue.pull_request && ${LABEL}`, 'label'],
  ["github.event.label.name == 'safe'", 'label'],
  ["contains(join(github.event.issue.labels.*.name), 'safe')", 'label'],
  [`!${LABEL}`, undefined],
  [`github.event_name == 'push' || ${LABEL}`, undefined],
  [`startsWith(github.event.pull_request.title, 'fix') && !${LABEL}`, undefined],
  ['true', undefined],
])('the condition %s asks for consent: %s', (guard, expected) => {
  expect(kindOf(guarded(guard))).toBe(expected);
});

it('sees a check of rights that ends the run, or whose answer is asked for', () => {
  const after = (check: object, guard = 'true') =>
    kindOf({
      a: {
        steps: [
          { id: 'check', ...check },
          { if: guard, run: 'x' },
        ],
      },
    });
  const asks = 'gh api repos/o/r/collaborators/$WHO/permission';
  expect(after({ uses: 'prince-chrismc/check-actor-permissions-action@v3' })).toBe('check');
  expect(after({ run: `${asks} | grep -q admin || exit 1` })).toBe('check');
  expect(after({ run: asks })).toBeUndefined();
  expect(after({ run: asks }, "steps.check.outputs.may == 'true'")).toBe('check');
  expect(after({ uses: 'actions-cool/check-user-permission@v2' })).toBeUndefined();
  expect(after({ uses: 'actions-cool/check-user-permission@v2' }, 'steps.check.outputs.require-result')).toBe(
    'check',
  );
});

it('sees what a job waits for', () => {
  const waiting = (gate: object) => kindOf({ gate, b: { needs: 'gate', steps: [{ run: 'x' }] } });
  expect(waiting({ environment: 'reviewed', steps: [] })).toBe('check');
  expect(waiting({ uses: 'org/shared/.github/workflows/check-permissions.yml@v1' })).toBe('check');
  expect(waiting({ uses: 'org/shared/.github/workflows/build.yml@v1' })).toBeUndefined();
  expect(waiting({ if: LABEL, steps: [] })).toBe('label');
  expect(kindOf({ a: { environment: 'x', steps: [{ run: 'x' }] } })).toBe('environment');
});

it('sees a step that refuses what was pushed after the comment', () => {
  const refuses = (run: string) =>
    refusesLaterPushes(
      lastStep({
        a: { steps: [{ env: { AT: '${{ github.event.comment.created_at }}' }, run }, { run: 'x' }] },
      }),
    );
  expect(refuses('[ "$PUSHED" -gt "$AT" ] && exit 1')).toBe(true);
  expect(refuses('echo "$AT"')).toBe(false);
});
