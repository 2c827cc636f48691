import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemIn, startTestServer, type TestServer, valueOf } from '../server.fake.ts';
import { exampleFiles, shapeOf, shopPolicy } from './access-example.fake.ts';

let server: TestServer;
let ann: string;
let bob: string;
beforeEach(async () => {
  server = await startTestServer();
  await server.access.use(exampleFiles);
  ann = server.openSessionAs('owner', { subject: 'ann' });
  bob = server.openSessionAs('security', { subject: 'bob' });
});
afterEach(() => server.close());

const PATH = '/v1/configuration/proposals';
const narrowed = shopPolicy.replace(
  ');\n',
  ') when { principal has trigger && principal.trigger == "push" };\n',
);

async function digest(token = ann): Promise<string> {
  const answer = await server.call({ path: '/v1/configuration/files', token });
  return valueOf('getConfigurationFiles', answer).digest;
}

async function propose(changes: Record<string, string | null>, token = ann) {
  const json = { title: 'Only pushes', why: 'nothing else ran', baseDigest: await digest(), changes };
  return server.call({ path: PATH, token, json });
}

async function proposed(changes: Record<string, string | null> = { 'policies/shop.cedar': narrowed }) {
  return valueOf('createProposal', await propose(changes));
}

const approve = (proposal: { id: string; resultDigest: string }, token = bob) =>
  server.call({
    path: `${PATH}/${proposal.id}/approve`,
    token,
    json: { resultDigest: proposal.resultDigest, comment: 'looks right' },
  });

async function stateOf(id: string): Promise<string> {
  return valueOf('getProposal', await server.call({ path: `${PATH}/${id}`, token: ann })).state;
}

describe('a proposal', () => {
  it('shows what it changes and whom it would have hit, and is in force once somebody else approved it', async () => {
    server.access.shapes.push(shapeOf(), shapeOf({ trigger: 'schedule' }, { issued: 3 }));
    const proposal = await proposed();
    expect(proposal).toMatchObject({
      state: 'open',
      author: 'ann',
      paths: ['policies/shop.cedar'],
      replay: { runs: 43, lose: 1, gain: 0 },
      files: [{ path: 'policies/shop.cedar', before: shopPolicy, after: narrowed }],
      mayApprove: false,
    });
    const applied = valueOf('approveProposal', await approve(proposal));
    expect(applied).toMatchObject({ state: 'applied', decidedBy: 'bob', comment: 'looks right' });
    expect(await digest()).toBe(proposal.resultDigest);
    const events = await server.events.list({
      types: ['configuration.proposed', 'configuration.approved'],
      limit: 5,
    });
    expect(events.map(({ type, actor }) => [type, actor.id])).toEqual([
      ['configuration.approved', 'bob'],
      ['configuration.proposed', 'ann'],
    ]);
  });

  it('is approved by nobody for themselves, unless the configuration in force says so', async () => {
    const proposal = await proposed();
    expect(problemIn(await approve(proposal, ann)).code).toBe('approval_by_author');
    const alone = `${exampleFiles['vouchgate.yaml']}changes: { approvals: 0 }\n`;
    const loosened = await proposed({ 'vouchgate.yaml': alone });
    expect(problemIn(await approve(loosened, ann)).code).toBe('approval_by_author');
    await server.access.use({ ...exampleFiles, 'vouchgate.yaml': alone });
    const again = await proposed();
    expect(valueOf('approveProposal', await approve(again, ann)).state).toBe('applied');
  });

  it('that says who may do what here is for an owner to approve', async () => {
    const people = `${exampleFiles['vouchgate.yaml']}changes: { approvals: 0 }\n`;
    const proposal = await proposed({ 'vouchgate.yaml': people });
    expect(problemIn(await approve(proposal, bob)).code).toBe('approval_needs_owner');
    const cleo = server.openSessionAs('owner', { subject: 'cleo' });
    expect(valueOf('approveProposal', await approve(proposal, cleo)).state).toBe('applied');
  });

  it('is approved as it was reviewed, and not when the files moved', async () => {
    const proposal = await proposed();
    expect(problemIn(await approve({ ...proposal, resultDigest: 'other' })).code).toBe('proposal_outdated');
    expect(await stateOf(proposal.id)).toBe('open');
    const changed = { ...exampleFiles, 'policies/shop.cedar': `${shopPolicy}// by hand\n` };
    await server.access.use(changed);
    expect(problemIn(await approve(proposal)).code).toBe('proposal_outdated');
    expect(await stateOf(proposal.id)).toBe('superseded');
  });

  it('goes on when another file moved, once it was looked at again', async () => {
    const proposal = await proposed();
    await server.access.use({
      ...exampleFiles,
      'policies/other.cedar': '@id("o") forbid (principal, action, resource) when { context.keyBound };',
    });
    const answer = await server.call({ path: `${PATH}/${proposal.id}`, token: bob });
    const seen = valueOf('getProposal', answer);
    expect(seen).toMatchObject({ state: 'open', mayApprove: true });
    expect(problemIn(await approve(proposal)).code).toBe('proposal_outdated');
    expect(valueOf('approveProposal', await approve(seen)).state).toBe('applied');
  });

  it('is refused when the whole would not be valid, with file, line and column', async () => {
    const problem = problemIn(await propose({ 'policies/shop.cedar': '@id("x") permit (principal' }));
    expect(problem.code).toBe('proposal_invalid');
    expect(problem.fields?.[0]?.path).toMatch(/^policies\/shop\.cedar:1:\d+$/);
    expect(problemIn(await propose({ 'policies/shop.cedar': shopPolicy })).code).toBe('proposal_invalid');
  });

  it.each([
    '../vouchgate.yaml',
    '/etc/passwd',
    'policies/../../x.cedar',
    '.hidden/a.cedar',
    'a/b.sh',
    '__proto__',
  ])('names no file outside of the configuration: %s', async (path) => {
    expect(problemIn(await propose({ [path]: 'x' })).code).toBe('request_invalid');
  });

  it('is turned down with a reason, or taken back by its author alone, and then stays decided', async () => {
    const first = await proposed();
    const reject = await server.call({
      path: `${PATH}/${first.id}/reject`,
      token: bob,
      json: { comment: 'no' },
    });
    expect(valueOf('rejectProposal', reject)).toMatchObject({ state: 'rejected', comment: 'no' });
    expect(problemIn(await approve(first)).code).toBe('proposal_decided');
    const second = await proposed();
    const withdraw = (token: string) =>
      server.call({ method: 'POST', path: `${PATH}/${second.id}/withdraw`, token });
    expect(problemIn(await withdraw(bob)).code).toBe('proposal_unknown');
    expect(valueOf('withdrawProposal', await withdraw(ann)).state).toBe('rejected');
  });

  it('is for those who see every repository, and approved by those who may', async () => {
    const developer = server.openSessionAs('shop-devs', { subject: 'dev' });
    expect(problemIn(await server.call({ path: PATH, token: developer })).status).toBe(403);
    const auditor = server.openSessionAs('auditor', { subject: 'eve' });
    const proposal = await proposed();
    expect(problemIn(await approve(proposal, auditor)).status).toBe(403);
    expect(problemIn(await propose({ 'policies/shop.cedar': narrowed }, auditor)).status).toBe(403);
  });

  it('lists newest first, in pages, by state', async () => {
    const made = [];
    for (let number = 0; number < 3; number += 1) {
      made.push((await proposed({ 'policies/shop.cedar': `${narrowed}// ${number}\n` })).id);
      server.time.nowMs += 5;
    }
    const page = valueOf('listProposals', await server.call({ path: `${PATH}?limit=2`, token: bob }));
    expect(page.proposals.map(({ id }) => id)).toEqual(made.toReversed().slice(0, 2));
    const rest = await server.call({ path: `${PATH}?limit=2&before=${page.next}&state=open`, token: bob });
    expect(valueOf('listProposals', rest)).toMatchObject({ proposals: [{ id: made[0] }], next: null });
  });
});

it('a proposal for a checkout ends as a patch, and is applied when the files have it', async () => {
  await server.close();
  server = await startTestServer();
  const { createTestAccess } = await import('./access.fake.ts');
  const access = createTestAccess(server.clock, server.events, false);
  await access.use(exampleFiles);
  const current = access.configuration();
  if (current === undefined) throw new Error('no configuration');
  const input = {
    title: 't',
    why: '',
    baseDigest: current.digest,
    changes: { 'policies/shop.cedar': narrowed },
  };
  const made = await access.proposals.propose(input, 'ann');
  if (!made.ok) throw new Error(made.code);
  const { id } = made.proposal;
  const resultDigest = access.proposals.resultDigest(made.proposal) ?? '';
  const approval = { resultDigest, comment: '', person: 'bob', mayAdminister: false };
  expect(await access.proposals.approve(id, approval)).toMatchObject({ proposal: { state: 'approved' } });
  await access.proposals.settle();
  expect((await access.proposals.proposal(id))?.state).toBe('approved');
  await access.use({ ...exampleFiles, 'policies/shop.cedar': narrowed });
  await access.proposals.settle();
  expect((await access.proposals.proposal(id))?.state).toBe('applied');
});
