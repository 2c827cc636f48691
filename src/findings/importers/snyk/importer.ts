import { defineImporter } from '../../importer.ts';
import { isObject, listAt, textAt, timeAt, valueAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { draftOfIacIssue } from './infrastructure.ts';
import { draftOfIssue, isIssue } from './issue.ts';
import { draftsOfProject } from './project.ts';

const TOOL = 'snyk';

/** One project is an object; `--all-projects` gives a list. */
function projectsOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [json];
}

function isProject(project: unknown): boolean {
  const isTested =
    Array.isArray(valueAt(project, 'vulnerabilities')) && valueAt(project, 'packageManager') !== undefined;
  return isTested || Array.isArray(valueAt(project, 'infrastructureAsCodeIssues'));
}

/** `snyk test` says `{ok: false, error, path}` where it could not look. */
function isFailure(project: unknown): boolean {
  return (
    valueAt(project, 'ok') === false &&
    textAt(project, 'error') !== undefined &&
    textAt(project, 'path') !== undefined
  );
}

function isApi(json: unknown): boolean {
  const data = valueAt(json, 'data');
  if (!isObject(valueAt(json, 'jsonapi')) || !Array.isArray(data)) return false;
  return data.length === 0 || isIssue(data[0]);
}

export const importer = defineImporter({
  id: TOOL,
  title: 'Snyk',
  formats: [
    'JSON of `snyk test --json`, of one project or all',
    'JSON of `snyk container test --json`',
    'JSON of `snyk iac test --json`',
    'answers of the REST API’s `/issues`',
  ],
  kinds: ['dependency', 'container', 'infrastructure', 'licence', 'code'],
  documentation: 'https://docs.snyk.io/snyk-cli/commands/test',
  recognise({ json }) {
    if (isApi(json)) return listAt(json, 'data').length > 0 ? 2 : 1;
    return projectsOf(json)
      .slice(0, 50)
      .some((project) => isProject(project) || isFailure(project))
      ? 2
      : 0;
  },
  read(content) {
    const { json } = content;
    const reading = new ReportReading(content);
    if (isApi(json)) {
      reading.each(listAt(json, 'data'), 'data', (issue) => reading.add(draftOfIssue(issue)));
      return reading.finish({ tool: TOOL });
    }
    reading.each(projectsOf(json), 'project', (project, at) => {
      if (isFailure(project))
        reading.warn(at, `Snyk could not test ${textAt(project, 'path')}: ${textAt(project, 'error')}`);
      for (const draft of draftsOfProject(project)) reading.add(draft);
      // Libraries that a container image holds beside the packages of its system.
      reading.each(listAt(project, 'applications'), `${at}.applications`, (application) => {
        for (const draft of draftsOfProject(application, textAt(project, 'path'))) reading.add(draft);
      });
      reading.each(
        listAt(project, 'infrastructureAsCodeIssues'),
        `${at}.infrastructureAsCodeIssues`,
        (issue) => reading.add(draftOfIacIssue(issue, project)),
      );
    });
    const [first] = projectsOf(json);
    return reading.finish({ tool: TOOL, ranAtMs: timeAt(first, 'meta', 'testedAt') });
  },
});
