import type { InspectedPosture, PostureFinding, PostureInspection } from '../posture-source.ts';

export const findingExample: PostureFinding = {
  rule: 'unsafe-checkout',
  severity: 'critical',
  message: 'Code of a pull request runs with secrets.',
  remedy: 'Check out the base branch, or use `pull_request`.',
  file: '.github/workflows/deploy.yml',
  line: 12,
  repository: 'acme/shop',
  commit: '9f31a7f09f31a7f09f31a7f09f31a7f09f31a7f0',
  fingerprint: 'v1:0123456789abcdef',
};

export function postureExample(change: Partial<InspectedPosture> = {}): PostureInspection {
  return {
    known: true,
    posture: {
      facts: {
        grade: 'pass',
        blocking: 0,
        critical: 0,
        high: 0,
        medium: 0,
        low: 0,
        rules: [],
        ageSeconds: 0,
        coverage: [],
        workflowDigest: 'sha256:0',
      },
      inspectedAtMs: 0,
      repository: 'acme/shop',
      commit: findingExample.commit,
      workflow: findingExample.file,
      findings: [],
      reasons: [],
      policyDigest: 'sha256:p',
      rulesVersion: '1',
      ...change,
    },
  };
}

/** A pipeline with one critical finding. */
export function failedPosture(): PostureInspection {
  const example = postureExample();
  if (!example.known) throw new Error('the example is known');
  const { facts } = example.posture;
  return postureExample({
    facts: { ...facts, grade: 'fail', blocking: 1, critical: 1, rules: ['unsafe-checkout'] },
    findings: [findingExample],
  });
}
