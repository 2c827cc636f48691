import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import type { Job, Step } from '../model.ts';
import { readDefinitions } from '../read-file.ts';
import { SourceText } from '../source.ts';
import { findHeadCheckout, findHeadFetch, type HeadUse } from './head-references.ts';

function jobsOf(jobs: object): readonly Job[] {
  const text = JSON.stringify({ on: 'issue_comment', jobs });
  const [definition] = readDefinitions(new SourceText('.github/workflows/a.yml', text)).definitions;
  return definition?.kind === 'pipeline' ? definition.pipeline.jobs : [];
}

function headOf(step: Step | undefined): HeadUse | undefined {
  const work = step?.work;
  if (step === undefined || work === undefined || work.kind === 'other') return undefined;
  return work.kind === 'script' ? findHeadFetch(work, step) : findHeadCheckout(work, step);
}

/** What the last of some steps takes, in a few words. */
function describeLast(steps: readonly object[]): string | undefined {
  const [job] = jobsOf({ a: { 'runs-on': 'x', steps } });
  const head = headOf(job?.steps.at(-1));
  if (head === undefined) return undefined;
  const words = [head.reference, head.lookedUp ? 'asked for' : head.payload, head.certain ? '' : 'perhaps'];
  return words.join(' ').trim();
}

const checkout = (inputs: Record<string, string>) => ({ uses: 'actions/checkout@v4', with: inputs });
const ref = (text: string) => checkout({ ref: text });

describe('a checkout', () => {
  it.each([
    ['${{ github.event.pull_request.head.sha }}', 'commit pull_request'],
    ['${{ github.event.pull_request.merge_commit_sha }}', 'commit pull_request'],
    ["${{ github.head_ref || 'main' }}", 'branch pull_request'],
    ['${{ github.event.workflow_run.head_branch }}', 'branch workflow_run'],
    ['${{ github.event.workflow_run.head_commit.id }}', 'commit workflow_run'],
    ['refs/pull/${{ github.event.issue.number }}/merge', 'pull-ref asked for'],
    ["${{ format('refs/pull/{0}/head', github.event.number) }}", 'pull-ref asked for'],
    ['${{ github.event.pull_request.base.sha }}', undefined],
    ['main', undefined],
  ])('of %s takes %s', (text, expected) => {
    expect(describeLast([ref(text)])).toBe(expected);
  });

  it('takes a fork that its repository names', () => {
    const repository = '${{ github.event.pull_request.head.repo.full_name }}';
    expect(describeLast([checkout({ repository })])).toBe('repository pull_request');
  });

  it.each([
    [{ uses: 'xt0rted/pull-request-comment-branch@v3' }, 'steps.a.outputs.head_ref', 'branch asked for'],
    [{ run: 'gh pr view 1 --json headRefOid >> $GITHUB_OUTPUT' }, 'steps.a.outputs.x', 'commit asked for'],
    [{ run: 'gh pr view 1 --json baseRefName' }, 'steps.a.outputs.ref', undefined],
    [{ run: 'echo "sha=$(jq -r .head.sha)"' }, 'steps.a.outputs.base_sha', undefined],
    [
      { uses: 'actions/github-script@v7', with: { script: 'return pr.data.head.sha' } },
      'steps.a.outputs.result',
      'commit asked for',
    ],
    [
      { uses: 'actions/github-script@v7', with: { script: 'return context.sha' } },
      'steps.a.outputs.sha',
      undefined,
    ],
    [
      { uses: 'octokit/request-action@v2', with: { route: 'GET /x' } },
      'fromJSON(steps.a.outputs.data).head.ref',
      'branch asked for',
    ],
    [{ uses: 'someone/something@v1' }, 'steps.a.outputs.head_sha', 'commit asked for perhaps'],
    [{ uses: 'someone/something@v1' }, 'steps.a.outputs.count', undefined],
  ])('follows the step %j to %s', (step, output, expected) => {
    expect(describeLast([{ id: 'a', ...step }, ref(`\${{ ${output} }}`)])).toBe(expected);
  });

  it('follows variables, also those that a script hands on', () => {
    const env = { HEAD: '${{ github.event.pull_request.head.sha }}' };
    expect(describeLast([{ env, ...ref('${{ env.HEAD }}') }])).toBe('commit pull_request');
    const writes = (line: string) => ({ id: 'a', env, run: `${line} >> "$GITHUB_OUTPUT"` });
    expect(describeLast([writes('echo "tag=$HEAD"'), ref('${{ steps.a.outputs.tag }}')])).toBe(
      'commit pull_request',
    );
    expect(describeLast([writes('echo "tag=v1"'), ref('${{ steps.a.outputs.tag }}')])).toBeUndefined();
  });

  it('follows outputs of other jobs, and never in circles', () => {
    const use = ref('${{ needs.a.outputs.sha }}');
    const [, second] = jobsOf({
      a: {
        outputs: { sha: '${{ steps.x.outputs.head_sha }}' },
        steps: [{ id: 'x', uses: 'xt0rted/pull-request-comment-branch@v3' }],
      },
      b: { needs: 'a', steps: [use] },
    });
    expect(headOf(second?.steps[0])?.lookedUp).toBe(true);
    const [circle] = jobsOf({ a: { outputs: { sha: '${{ needs.a.outputs.sha }}' }, steps: [use] } });
    expect(headOf(circle?.steps[0])).toBeUndefined();
  });

  it('says into which folder', () => {
    const inputs = { ref: '${{ github.head_ref }}', path: './theirs/' };
    expect(headOf(jobsOf({ a: { steps: [checkout(inputs)] } })[0]?.steps[0])?.folder).toBe('theirs');
  });
});

describe('a script', () => {
  it.each([
    ['gh pr checkout "$N"', 'pull-ref asked for'],
    ['git pull origin pull/7/head', 'pull-ref asked for'],
    ['git fetch origin pull/7/head:theirs && git checkout theirs', 'pull-ref asked for'],
    ['git fetch origin pull/7/head\ngit merge FETCH_HEAD', 'pull-ref asked for'],
    ['git checkout ${{ github.event.pull_request.head.sha }}', 'commit pull_request'],
    ['git checkout "$HEAD"', 'branch pull_request'],
    ['SHA=$(gh pr view 7 --json headRefOid)\ngit reset --hard $SHA', 'commit asked for'],
    ['gh pr diff 7 | git apply', 'pull-ref asked for'],
    ['git fetch origin pull/7/head:theirs\ngit diff main...theirs', undefined],
    ['git fetch origin "$BASE"\ngit checkout "$BASE"', undefined],
    ['git checkout -b copy-of-$HEAD', undefined],
    ['git push origin HEAD:$HEAD', undefined],
    ['echo "gh pr checkout 7"', undefined],
  ])('%j takes %s', (run, expected) => {
    const env = { HEAD: '${{ github.head_ref }}', BASE: '${{ github.base_ref }}' };
    expect(describeLast([{ env, run }])).toBe(expected);
  });

  it('takes what an earlier step fetched', () => {
    const fetches = { run: 'git fetch origin pull/7/head:theirs' };
    expect(describeLast([fetches, { run: 'git checkout -b mine theirs' }])).toBe('pull-ref asked for');
    expect(describeLast([fetches, { run: 'git checkout main' }])).toBeUndefined();
  });
});

it.each(['git ', 'git fetch pull/ ', 'gh pr ', 'git checkout $X\n', 'git fetch a pull/1/head:b\n'])(
  'reads a megabyte of %j in a moment',
  (piece) => {
    const before = threadMs();
    describeLast([{ run: piece.repeat(1_000_000 / piece.length) }]);
    expect(threadMs() - before).toBeLessThan(2_000);
  },
);
