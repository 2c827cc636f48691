import { expect, it } from 'vitest';
import { surfaceFindings } from '../../testing/surface.ts';
import { rule } from './rule.ts';

function judge(...commands: string[]): string[] {
  const steps = commands.map((command) => `    - |\n      ${command}\n`).join('');
  const findings = surfaceFindings(rule, { text: `release:\n  steps:\n${steps}`, jobs: () => ({}) });
  return findings.map(({ message }) => /`(.+)`/.exec(message)?.[1] ?? '');
}

it('knows the commands that publish', () => {
  expect(judge('docker push app:1')).toEqual(['docker push']);
  expect(judge('cd app && npm publish --access public')).toEqual(['npm publish']);
  expect(judge('sudo docker buildx build -t app:1 --push .')).toEqual([
    'docker buildx build -t app:1 --push',
  ]);
  expect(judge('./mvnw -B deploy')).toEqual(['./mvnw -B deploy']);
  expect(judge('twine upload dist/*', 'gem push a.gem')).toEqual(['twine upload']);
});

it('is silent when something is signed or attested, and when nothing leaves', () => {
  expect(judge('docker push app:1', 'cosign sign --yes app@$DIGEST')).toEqual([]);
  expect(judge('npm publish --provenance')).toEqual([]);
  expect(judge('gpg --batch --detach-sign app.tgz && gh release upload v1 app.tgz')).toEqual([]);
  expect(judge('npm publish --dry-run')).toEqual([]);
  expect(judge('echo docker push', 'make')).toEqual([]);
});

it('does not take a download of keys for a signature', () => {
  expect(judge('gpg --keyserver keys.example.com --recv-keys 1', 'docker push app:1')).toEqual([
    'docker push',
  ]);
});
