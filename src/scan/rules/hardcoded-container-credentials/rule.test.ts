import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const login = (registry: string, password: string) =>
  briefly(
    findingsOf(
      'hardcoded-container-credentials',
      `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: docker/login-action@v3\n        with:\n          registry: ${registry}\n          password: ${password}\n`,
    ),
  );

it('looks at services', () => {
  const text =
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    services:\n      db:\n        image: example.com/db:1\n        credentials:\n          username: u\n          password: hunter2\n';
  const findings = findingsOf('hardcoded-container-credentials', text);
  expect(briefly(findings)).toEqual(['10 high regular']);
  expect(findings[0]?.message).not.toContain('hunter2');
});

it('looks at the login of docker, unless the registry is the job’s own', () => {
  expect(login('example.com', 'hunter2')).toEqual(['9 high regular']);
  expect(login('localhost:5000', 'hunter2')).toEqual([]);
  expect(login('example.com', '${{ github.token }}')).toEqual([]);
  expect(login('example.com', '""')).toEqual([]);
});
