import { describe, expect, it } from 'vitest';
import { isOutsidersEvent, namesForeignCode, webhookValue } from './webhook-values.ts';

describe('a value of a webhook', () => {
  it('is written by outsiders in titles, texts and names of branches', () => {
    const paths = [
      'pull_request.title',
      'pull_request.head.ref',
      'pullrequest.source.branch.name',
      'object_attributes.source_branch',
      'comment.body',
      'issue.title',
    ];
    expect(paths.filter((path) => webhookValue(path)?.byOutsiders !== true)).toEqual([]);
  });

  it('is written by members in what was pushed', () => {
    expect(webhookValue('head_commit.message')).toMatchObject({ byOutsiders: false });
    expect(webhookValue('ref')).toMatchObject({ byOutsiders: false });
  });

  it('carries no code in hashes, numbers and names of accounts', () => {
    const paths = ['pull_request.head.sha', 'pull_request.number', 'sender.login', 'repository.full_name'];
    expect(paths.filter((path) => webhookValue(path) !== undefined)).toEqual([]);
  });

  it('is nothing that is too long to be a path', () => {
    expect(webhookValue(`client_payload.${'a'.repeat(1_000_000)}`)).toBeUndefined();
  });
});

it('knows the events that people without rights can cause, in the words of each platform', () => {
  const open = [
    'pull_request',
    'Merge Request Hook',
    'MergeRequestsEvents',
    'pr:opened',
    'issue_comment',
    'Note Hook',
  ];
  expect(open.filter((event) => !isOutsidersEvent(event))).toEqual([]);
  expect(['push', 'Push Hook', 'release', 'PushEvents'].filter(isOutsidersEvent)).toEqual([]);
});

it('knows the commit of a pull request from that of a push', () => {
  expect(namesForeignCode('$(body.pull_request.head.sha)')).toBe(true);
  expect(namesForeignCode('body.object_attributes.last_commit.id')).toBe(true);
  expect(namesForeignCode('$(body.head_commit.id)')).toBe(false);
});
