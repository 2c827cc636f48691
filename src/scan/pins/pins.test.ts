import { expect, it } from 'vitest';
import { parseActionReference } from '#pipeline/github/action-reference.ts';
import { joinPins, parseLockPins } from './lock-pins.ts';
import { parseRefs, pickPin } from './pick-pin.ts';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);

it('a lock file pins what it names, whatever the case of the repository, at exactly its ref', () => {
  const lock = (commit: string, id = 1) =>
    parseLockPins(
      `version: 1\ndependencies:\n  Owner/Name@v1:\n    { ref: v1, commit: ${commit}, owner_id: 2, repo_id: ${id} }\n`,
    );
  const pin = lock(`sha1-${A}`)?.resolve(parseActionReference('oWner/name/sub@v1'));
  expect(pin).toEqual({ commit: A, version: 'v1' });
  expect(lock(`sha1-${A}`)?.resolve(parseActionReference('owner/name@V1'))).toBeUndefined();
  expect(lock(A)).toBeUndefined();
  expect(lock(`sha1-${A}`, 0)).toBeUndefined();
  expect(parseLockPins('- [')).toBeUndefined();
});

it('a tag is pinned with the fullest version at its commit', () => {
  const refs = parseRefs(
    `refs/tags/v1 tag ${B} commit ${A}\nrefs/tags/v1.2.3 commit ${A}  \nrefs/tags/v1.2 commit ${A}  \nrefs/tags/tree tree ${B}  \n`,
  );
  expect(pickPin(refs, 'v1')).toEqual({ commit: A, version: 'v1.2.3' });
  expect(pickPin(refs, 'tree')).toBeUndefined();
  expect(pickPin(refs, 'v2')).toBeUndefined();
});

it('a branch is pinned by name, unless a tag of that name is elsewhere', () => {
  const branch = `refs/heads/main commit ${A}  \n`;
  expect(pickPin(parseRefs(branch), 'main')).toEqual({ commit: A, version: 'main' });
  expect(pickPin(parseRefs(`${branch}refs/tags/main commit ${B}  \n`), 'main')).toBeUndefined();
});

it('sources are asked one after the other', () => {
  const reference = parseActionReference('o/r@v1');
  const none = { resolve: () => undefined };
  const some = { resolve: () => ({ commit: A, version: 'v1' }) };
  expect(joinPins(none, undefined, some)?.resolve(reference)?.commit).toBe(A);
  expect(joinPins()).toBeUndefined();
});
