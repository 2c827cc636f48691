import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { hostileYaml } from '../testing/hostile-yaml.ts';
import { scanFiles } from '../testing/scan-text.ts';

/** A definition of each platform around one script, which is a JSON string. */
const DEFINITIONS: Readonly<Record<string, (script: string) => string>> = {
  'azure-pipelines.yml': (script) => `pr: [main]\nvariables: [{ group: g }]\nsteps: [{ bash: ${script} }]\n`,
  '.circleci/config.yml': (script) =>
    `version: 2.1\njobs: { a: { docker: [{ image: b }], steps: [{ run: ${script} }] } }\nworkflows: { w: { jobs: [{ a: { context: c } }] } }\n`,
  'bitbucket-pipelines.yml': (script) =>
    `pipelines: { pull-requests: { '**': [{ step: { script: [${script}] } }] } }\n`,
  '.tekton/a.yaml': (script) =>
    `apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata: { name: a, annotations: { pipelinesascode.tekton.dev/on-event: "[pull_request]" } }\nspec: { pipelineSpec: { tasks: [{ name: a, taskSpec: { steps: [{ name: b, image: c, script: ${script} }] } }] } }\n`,
  'workflows/a.yaml': (script) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: { name: a }\nspec: { entrypoint: a, templates: [{ name: a, script: { image: b, command: [sh], source: ${script} } }] }\n`,
  '.woodpecker/a.yaml': (script) =>
    `when: { event: pull_request }\nsteps: [{ name: a, image: b, commands: [${script}] }]\n`,
};

function failures(file: string, text: string): string[] {
  const { problems } = scanFiles([{ file, text }]);
  return problems.map(({ message }) => message).filter((message) => message.includes('failed here'));
}

const files = Object.keys(DEFINITIONS);

it('no rule fails on arbitrary YAML in a definition of any platform', () => {
  const property = fc.property(fc.constantFrom(...files, 'Jenkinsfile'), hostileYaml(), (file, text) => {
    expect(failures(file, text)).toEqual([]);
  });
  fc.assert(property, { numRuns: 300 });
});

it('no rule fails on an arbitrary script', () => {
  const words = fc.constantFrom(
    'eval "$TITLE" ',
    '$(Build.SourceBranchName) ',
    '<< pipeline.git.branch >>',
    '{{ body.pull_request.title }}',
    '${CI_COMMIT_MESSAGE}',
    '\n',
    '"',
    "'",
    '\\',
    'echo $NPM_TOKEN | base64',
    'set -x',
    'docker push a',
    'git clone https://$A_TOKEN@b/c ',
    'curl x | sh',
  );
  const script = fc.array(fc.oneof(words, fc.string({ maxLength: 20 })), { maxLength: 12 });
  const property = fc.property(fc.constantFrom(...files), script, (file, parts) => {
    const text = DEFINITIONS[file]?.(JSON.stringify(parts.join(''))) ?? '';
    expect(failures(file, text)).toEqual([]);
  });
  fc.assert(property, { numRuns: 300 });
});

/** Generous on a busy machine; what this guards against takes minutes. */
const TIME_MS_MAX = 15_000;

describe('a script of a megabyte in one line is looked at in time', () => {
  const parts = [
    '$(Build.SourceBranch) ',
    'git https://$A',
    'docker push ',
    'sh -c "',
    'echo $X_TOKEN > a ',
    'x=',
  ];
  it.each(files)(
    '%s',
    (file) => {
      const startMs = threadMs();
      for (const part of parts) {
        const script = JSON.stringify(part.repeat(1_000_000 / part.length));
        expect(failures(file, DEFINITIONS[file]?.(script) ?? '')).toEqual([]);
      }
      expect(threadMs() - startMs).toBeLessThan(TIME_MS_MAX);
    },
    60_000,
  );
});
