import { defineImporter } from '../../importer.ts';
import { listAt, textAt, timeAt, valueAt } from '../../json-fields.ts';
import { ReportReading } from '../../report-reading.ts';
import { elementAt, elementsOf, textAt as xmlTextAt } from '../../xml.ts';
import { xmlRootName } from '../../xml-root-name.ts';
import { dependencyOfJson, dependencyOfXml } from './dependency.ts';
import { draftsOfDependency } from './draft.ts';

const TOOL = 'dependency-check';

export const importer = defineImporter({
  id: TOOL,
  title: 'OWASP Dependency-Check',
  formats: ['XML and JSON of `dependency-check --format XML|JSON`'],
  kinds: ['dependency'],
  documentation: 'https://jeremylong.github.io/DependencyCheck/general/thereport.html',
  recognise(content) {
    if (content.shape === 'xml') {
      const isOurs = xmlRootName(content) === 'analysis' && content.head.includes('dependency-check');
      return isOurs ? 2 : 0;
    }
    const isOurs =
      textAt(content.json, 'reportSchema') !== undefined &&
      Array.isArray(valueAt(content.json, 'dependencies')) &&
      valueAt(content.json, 'scanInfo') !== undefined;
    return isOurs ? 2 : 0;
  },
  read(content) {
    const reading = new ReportReading(content);
    if (content.shape === 'xml') {
      const root = content.xml;
      for (const element of elementsOf(elementAt(root, 'dependencies'), 'dependency'))
        for (const draft of draftsOfDependency(dependencyOfXml(element))) reading.add(draft);
      return reading.finish({
        tool: TOOL,
        toolVersion: xmlTextAt(root, 'scanInfo', 'engineVersion'),
        ranAtMs: timeAt(xmlTextAt(root, 'projectInfo', 'reportDate')),
      });
    }
    const { json } = content;
    reading.each(listAt(json, 'dependencies'), 'dependencies', (dependency) => {
      for (const draft of draftsOfDependency(dependencyOfJson(dependency))) reading.add(draft);
    });
    return reading.finish({
      tool: TOOL,
      toolVersion: textAt(json, 'scanInfo', 'engineVersion'),
      ranAtMs: timeAt(json, 'projectInfo', 'reportDate'),
    });
  },
});
