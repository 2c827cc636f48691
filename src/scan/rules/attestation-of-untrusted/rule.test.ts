import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

function messages(on: string, input: string, uses = 'actions/attest@v3'): string[] {
  const text = `on: ${on}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - { uses: ${uses}, with: { ${input} } }\n`;
  return findingsOf('attestation-of-untrusted', text).map(({ message }) => message);
}

it('follows what outsiders write into the subject', () => {
  expect(messages('issues', "subject-name: '${{ github.event.issue.title }}'")).toEqual([
    'subject-name of the attestation comes from github.event.issue.title, which outsiders write',
  ]);
  expect(messages('pull_request_target', "subject-path: 'x/${{ github.head_ref }}'")).toHaveLength(1);
});

it('is content with what they cannot write, and where they sign nothing', () => {
  expect(messages('issues', "subject-digest: '${{ github.sha }}'")).toEqual([]);
  expect(messages('pull_request', "subject-path: '${{ github.head_ref }}'")).toEqual([]);
  expect(messages('issues', "github-token: '${{ github.event.issue.title }}'")).toEqual([]);
  expect(messages('issues', "subject-name: '${{ github.event.issue.title }}'", 'a/b@v1')).toEqual([]);
});
