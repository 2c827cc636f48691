import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

function judge(password: string): string[] {
  const text = `# --- .circleci/config.yml\nversion: 2.1\njobs:\n  a:\n    docker:\n      - image: images.example.com/tools:1\n        auth:\n          username: reader\n          password: ${password}\n    steps: [{ run: make }]\nworkflows: { main: { jobs: [a] } }\n`;
  return findingsOf('hardcoded-container-credentials', text).map(({ message }) => message);
}

it('finds a password of a registry in CircleCI, and never shows it', () => {
  expect(judge('correcthorse7')).toEqual([
    'the password for the image images.example.com/tools stands in the file',
  ]);
});

it('is silent about variables that the platform puts in', () => {
  expect(judge('$REGISTRY_PASSWORD')).toEqual([]);
  expect(judge('<< parameters.password >>')).toEqual([]);
});
