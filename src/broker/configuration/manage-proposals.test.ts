import { beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { Storage } from '#storage/storage.ts';
import { changeFiles, changesOf } from './change-files.ts';
import type { Configuration, ConfigurationFiles } from './configuration.ts';
import { loadConfiguration } from './load-configuration.ts';
import { type ConfigurationWriter, createProposalManager, type ProposalManager } from './manage-proposals.ts';
import type { Proposal } from './proposal.ts';

const START_MS = Date.UTC(2026, 10, 1);
const policy = '@id("p") forbid (principal, action, resource);\n';
const files: ConfigurationFiles = {
  'vouchgate.yaml':
    'version: 1\nurl: https://v.example\nidentityProviders:\n  github: { type: github-actions }\n',
  'policies/p.cedar': policy,
};

type WriteResult = Awaited<ReturnType<ConfigurationWriter['apply']>>;

let storage: Storage;
let current: Configuration;
let manager: ProposalManager;
let writing: (proposal: Proposal) => Promise<WriteResult>;

async function use(next: ConfigurationFiles): Promise<void> {
  const load = await loadConfiguration(next);
  if (!load.ok) throw new Error(JSON.stringify(load.problems));
  current = load.configuration;
}

beforeEach(async () => {
  storage = openMemoryStorage();
  await use(files);
  writing = async ({ files: change }) => {
    await use(changeFiles(current.files, changesOf(change)));
    return 'applied';
  };
  manager = createProposalManager({
    store: storage.proposals,
    events: storage.events,
    configuration: () => current,
    check: (next) => loadConfiguration(next),
    replay: async () => ({ days: 30, runs: 0, lose: 0, gain: 0, unclear: 0 }),
    writer: { apply: (proposal) => writing(proposal) },
    clock: { nowMs: () => START_MS },
  });
});

async function propose(text = `${policy}// x\n`): Promise<Proposal> {
  const changes = { 'policies/p.cedar': text };
  const made = await manager.propose({ title: 't', why: '', baseDigest: current.digest, changes }, 'ann');
  if (!made.ok) throw new Error(made.code);
  return made.proposal;
}

async function approve(proposal: Proposal) {
  const resultDigest = manager.resultDigest(proposal) ?? '';
  return manager.approve(proposal.id, { resultDigest, comment: '', person: 'bob', mayAdminister: false });
}

const stateOf = async (id: string) => (await manager.proposal(id))?.state;

describe('an approved proposal', () => {
  it('is turned down, with the reason, when it cannot be put in force', async () => {
    const problem = { file: 'a', line: 1, column: 1, message: 'The key is missing.', remedy: '' };
    writing = async () => ({ refused: [problem] });
    const { id } = await propose().then(async (made) => (await approve(made), made));
    expect(await manager.proposal(id)).toMatchObject({
      state: 'rejected',
      comment: 'It could not be put in force: The key is missing.',
    });
  });

  it('is overtaken when somebody changed the folder between', async () => {
    writing = async () => 'outdated';
    const made = await propose();
    await approve(made);
    expect(await stateOf(made.id)).toBe('superseded');
  });

  it('is put in force later when the server stopped between the two', async () => {
    const put = writing;
    writing = async () => Promise.reject(new Error('power cut'));
    const made = await propose();
    await expect(approve(made)).rejects.toThrow('power cut');
    expect(await stateOf(made.id)).toBe('approved');
    writing = put;
    await manager.settle();
    expect(await stateOf(made.id)).toBe('applied');
    expect(current.files['policies/p.cedar']).toBe(`${policy}// x\n`);
  });

  it('is approved once, however many click at once', async () => {
    const made = await propose();
    const answers = await Promise.all([approve(made), approve(made), approve(made)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const events = await storage.events.list({ types: ['configuration.approved'], limit: 9 });
    expect(events.map(({ body }) => body['own'])).toEqual(events.map(() => false));
  });
});

describe('an open proposal', () => {
  it('is overtaken, or applied, by what somebody did to the files meanwhile', async () => {
    const [same, other] = [
      await propose('@id("q") forbid (principal, action, resource);\n'),
      await propose(),
    ];
    await use({ ...files, 'policies/p.cedar': '@id("q") forbid (principal, action, resource);\n' });
    await manager.settle();
    expect([await stateOf(same.id), await stateOf(other.id)]).toEqual(['applied', 'superseded']);
  });

  it('is for the configuration that its maker saw', async () => {
    const changes = { 'policies/p.cedar': null };
    const input = { title: 't', why: '', baseDigest: 'other', changes };
    expect(await manager.propose(input, 'ann')).toEqual({ ok: false, code: 'proposal_outdated' });
  });
});
