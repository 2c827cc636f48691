import { expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

it.each([
  ['projct', ['project', 'provider'], 'project'],
  ['project_id', ['project', 'project.id'], 'project.id'],
  ['projectId', ['project', 'project.id'], 'project.id'],
  ['frof', ['from', 'forked'], 'from'],
  ['zzz', ['project'], undefined],
  ['', ['project'], undefined],
])('%s is most likely meant as %s: %s', (wrong, candidates, expected) => {
  expect(nearestName(wrong, candidates)).toBe(expected);
});
