import { describe, expect, it } from 'vitest';
import { inspectSample, SAMPLE_FILES } from './testing/sample-inspection.ts';

const caller = `on: { workflow_run: { workflows: [Release], types: [completed] } }
jobs:
  after:
    runs-on: ubuntu-latest
    environment: production
    permissions: { id-token: write, contents: read }
    steps: [{ run: make deploy }]
`;

function graphOf(file: string) {
  const files = [...SAMPLE_FILES, { file: '.github/workflows/after.yml', text: caller }];
  const found = inspectSample(files).inspected.pipelines.find((each) => each.file.endsWith(file));
  return found?.authority ?? { nodes: [], edges: [], left: 0 };
}

describe('the authority graph of one definition', () => {
  it('goes from who can start it to what it reaches, and says why', () => {
    const { nodes, edges } = graphOf('preview.yml');
    expect(nodes.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['actor', 'trigger', 'job', 'secret', 'token', 'identity', 'runner']),
    );
    expect(nodes.find(({ kind }) => kind === 'job')).toMatchObject({ attacked: 'critical', line: 6 });
    expect(edges.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining([
        'anybody with an account can make `pull_request_target` happen',
        'the job `preview` is given secret `AWS_SECRET_ACCESS_KEY`',
      ]),
    );
    const secret = edges.find(({ to }) => to === 'secret:AWS_SECRET_ACCESS_KEY');
    expect(secret).toMatchObject({ kind: 'holds', file: '.github/workflows/preview.yml', line: 13 });
  });

  it('has what other definitions lead to it, and nothing of those that do not', () => {
    const labels = graphOf('after.yml').nodes.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['after', 'production', 'identity token of this job']));
    expect(labels).not.toContain('AWS_SECRET_ACCESS_KEY');
    expect(graphOf('preview.yml').nodes.map(({ label }) => label)).not.toContain('NPM_TOKEN');
  });

  it('has every node that an edge names', () => {
    for (const file of ['preview.yml', 'release.yml', 'after.yml']) {
      const { nodes, edges } = graphOf(file);
      const ids = new Set(nodes.map(({ id }) => id));
      expect(edges.length).toBeGreaterThan(0);
      expect(edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
    }
  });
});
