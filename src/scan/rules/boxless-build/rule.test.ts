import { expect, it } from 'vitest';
import type { PrivilegeUse, Start } from '#pipeline/surface.ts';
import { BARE, MEMBER, OUTSIDER, surfaceFindings, WITH_SETTING } from '../../testing/surface.ts';
import { rule } from './rule.ts';

type Hosting = 'hosted' | 'self-hosted';

function judge(kind: PrivilegeUse['kind'], starts: readonly Start[], hosting?: Hosting): string[] {
  const findings = surfaceFindings(rule, {
    text: 'build:\n  privileged: true\n  steps: [make]\n',
    jobs: ({ place }) => ({
      build: {
        starts,
        privileges: [{ ...place('privileged: true'), kind, what: 'privileged: true' }],
        ...(hosting === undefined ? {} : { hosting }),
      },
    }),
  });
  return findings.map(({ severity, persona, message }) => `${severity} ${persona} ${message}`);
}

it('shows everybody a machine that outsiders can take', () => {
  expect(judge('privileged', [BARE])).toEqual([
    'high regular the job "build" is as good as root on its machine (privileged: true), and a pull request from a fork starts it',
  ]);
  expect(judge('docker-socket', [WITH_SETTING])).toEqual([
    'medium pedantic the job "build" starts any container on its machine, as root (privileged: true), and a pull request from a fork starts it, if building forks is on',
  ]);
});

it('tells builds on the controller from the other privileges of members', () => {
  const kinds = ['privileged', 'host-path', 'host-network', 'root', 'controller'] as const;
  expect(kinds.map((kind) => judge(kind, [MEMBER])[0]?.split(' the ')[0])).toEqual([
    'medium pedantic',
    'medium pedantic',
    'low pedantic',
    'info auditor',
    'medium regular',
  ]);
});

it('does not make an intrusion of root in a container, or of the code of the base', () => {
  expect(judge('root', [OUTSIDER])[0]).toMatch(/^info auditor/);
  expect(judge('privileged', [{ ...OUTSIDER, code: 'base' }])[0]).toMatch(/^medium pedantic/);
});

it('is silent about machines that the platform throws away', () => {
  expect(judge('privileged', [OUTSIDER], 'hosted')).toEqual([]);
});
