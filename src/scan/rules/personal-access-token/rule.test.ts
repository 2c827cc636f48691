import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const check = (on: string, holder: string, secret: string, guard = 'true') =>
  briefly(
    findingsOf(
      'personal-access-token',
      `on: ${on}\njobs:\n  a:\n    if: ${guard}\n    runs-on: ubuntu-latest\n    steps:\n      - uses: some/action@v1\n        with:\n          ${holder}: \${{ secrets.${secret} }}\n`,
    ),
  );

it.each(['RELEASE_PAT', 'PAT', 'PAT_BOT', 'PERSONAL_ACCESS_TOKEN', 'MY_BOT_TOKEN', 'GH_TOKEN'])(
  'takes %s for one',
  (secret) => {
    expect(check('push', 'token', secret)).toEqual(['9 low pedantic']);
  },
);

it.each(['GITHUB_TOKEN', 'PATH_TO_KEY', 'CODECOV_TOKEN', 'SLACK_BOT_TOKEN'])('leaves %s alone', (secret) => {
  expect(check('push', 'token', secret)).toEqual([]);
});

it('looks only where the token of the job would stand', () => {
  expect(check('push', 'slack', 'MY_BOT_TOKEN')).toEqual([]);
});

it('is louder in a run that anybody causes, unless a condition stops them', () => {
  expect(check('pull_request_target', 'github-token', 'PAT')).toEqual(['9 medium regular']);
  const guard = 'github.event.pull_request.head.repo.full_name == github.repository';
  expect(check('pull_request_target', 'github-token', 'PAT', guard)).toEqual(['9 low pedantic']);
});
