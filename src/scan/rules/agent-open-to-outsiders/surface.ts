import type { Repository } from '#pipeline/repository.ts';
import type { ForeignValue } from '#pipeline/surface.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import type { Report } from '../../rule.ts';
import { describeCredentials } from '../../shared/surface-credentials.ts';
import { exposureOf, runsForeignCode } from '../../shared/surface-exposure.ts';
import { nameJob, scriptsOf, surfaceJobs, type SurfaceScript } from '../../shared/surface-jobs.ts';
import type { Candidate } from '../../shared/surface-report.ts';
import { type Agent, findAgent } from './agents.ts';

/** Text of an outsider that stands in the script with the agent: pasted, or by a variable. */
function findOrders({ surface, script }: SurfaceScript): ForeignValue | undefined {
  const pasted = surface.insertions.find(
    ({ text, writtenBy }) => text.node === script.text.node && isOutsider(writtenBy),
  );
  if (pasted !== undefined) return pasted;
  for (const [, name = ''] of script.text.value.matchAll(/\$\{?(\w{1,100})/g)) {
    const value = surface.foreignVariables.get(name);
    if (value !== undefined && isOutsider(value.writtenBy)) return value;
  }
  return undefined;
}

function toCandidate(at: SurfaceScript, agent: Agent): Candidate | undefined {
  const { job, surface, script } = at;
  const orders = findOrders(at);
  const { reach, start } = exposureOf(surface, runsForeignCode);
  const brings = (reach === 'full' || reach === 'bare') && start !== undefined ? start : undefined;
  if (orders === undefined && brings === undefined) return undefined;
  const free = agent.freedBy !== undefined;
  const trusted = reach !== 'bare' && describeCredentials(surface, job.pipeline.platform) !== undefined;
  const reads =
    orders === undefined ? `the files of ${brings?.what.slice(0, 50) ?? ''}` : orders.what.slice(0, 60);
  const depends = orders === undefined && brings?.setting !== undefined;
  const report: Omit<Report, 'at'> = {
    message: `${agent.name} in ${nameJob(job)} takes orders from ${reads}${free ? ', with a shell without limits' : ''}`,
    severity: free ? (trusted ? 'critical' : 'high') : trusted ? 'medium' : 'low',
    persona: (free || trusted) && !depends ? 'regular' : 'pedantic',
    confidence: depends ? 'low' : 'medium',
    remedy:
      'Let a person start it after reading the change, in a job without credentials and with named tools only, and let a second job without the agent check and post its answer.',
    key: `${agent.name} ${job.id}`,
  };
  return { source: script.text.source, span: agent.span, report };
}

/** The same on the platforms whose jobs say what they expose: agents are commands there. */
export function findOnSurfaces(repository: Repository): Candidate[] {
  return surfaceJobs(repository)
    .flatMap(scriptsOf)
    .flatMap((at) => {
      const agent = findAgent(at.step);
      return agent === undefined ? [] : (toCandidate(at, agent) ?? []);
    });
}
