import { messageOf } from '#core/errors.ts';
import { ImportError } from '../../import-error.ts';
import { defineImporter, type ImportedReport } from '../../importer.ts';
import { timeAt } from '../../json-fields.ts';
import type { ReportContent } from '../../report-content.ts';
import { ReportReading } from '../../report-reading.ts';
import { elementAt, parseXml, textAt, type XmlElement } from '../../xml.ts';
import { xmlRootName } from '../../xml-root-name.ts';
import { noAudit, readAudit } from './read-audit.ts';
import { readFvdl } from './read-fvdl.ts';
import { readXmlReport } from './read-xml-report.ts';

function fileOf(content: ReportContent, name: string): XmlElement | undefined {
  const entry = content.entries.find((each) => each.name === name);
  return entry === undefined ? undefined : parseXml(entry.read().toString('utf8'));
}

function isProject(content: ReportContent): boolean {
  try {
    return content.entries.some(({ name }) => name === 'audit.fvdl');
  } catch {
    return false;
  }
}

/** Decisions that cannot be read are no reason to lose the findings, yet whoever reads them must know. */
function auditOf(content: ReportContent, reading: ReportReading) {
  try {
    const audit = fileOf(content, 'audit.xml');
    return audit === undefined ? noAudit : readAudit(audit);
  } catch (error) {
    reading.warn('audit.xml', `suppressions and analysis are left out: ${messageOf(error)}`);
    return noAudit;
  }
}

function readProject(content: ReportContent, reading: ReportReading): ImportedReport {
  const fvdl = fileOf(content, 'audit.fvdl');
  if (fvdl === undefined)
    throw new ImportError('report_unreadable', 'this archive has no audit.fvdl', {
      remedy: 'Export the project from Fortify again.',
    });
  for (const draft of readFvdl(fvdl, auditOf(content, reading))) reading.add(draft);
  const { date, time } = elementAt(fvdl, 'CreatedTS')?.attributes ?? {};
  return reading.finish({
    tool: 'fortify',
    toolVersion: textAt(fvdl, 'EngineData', 'EngineVersion'),
    ranAtMs: date === undefined ? undefined : timeAt(`${date}T${time ?? '00:00:00'}`),
  });
}

export const importer = defineImporter({
  id: 'fortify',
  title: 'Fortify',
  formats: ['FPR (a zip archive with `audit.fvdl` and `audit.xml`)', '`audit.fvdl` alone', 'XML reports'],
  kinds: ['code'],
  documentation: 'https://www.microfocus.com/documentation/fortify-static-code-analyzer-and-tools/',

  recognise(content) {
    if (content.shape === 'zip') return isProject(content) ? 2 : 0;
    if (content.shape !== 'xml') return 0;
    const root = xmlRootName(content);
    if (root === 'FVDL') return 2;
    return root === 'ReportDefinition' && /fortif/i.test(content.head) ? 2 : 0;
  },

  read(content) {
    const reading = new ReportReading(content);
    if (content.shape === 'zip') return readProject(content, reading);
    const drafts = content.xml.name === 'FVDL' ? readFvdl(content.xml, noAudit) : readXmlReport(content.xml);
    for (const draft of drafts) reading.add(draft);
    return reading.finish({ tool: 'fortify' });
  },
});
