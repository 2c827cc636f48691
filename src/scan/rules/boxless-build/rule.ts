import type { Repository } from '#pipeline/repository.ts';
import type { PrivilegeUse } from '#pipeline/surface.ts';
import type { Report, Rule } from '../../rule.ts';
import {
  attackOf,
  confidenceOf,
  describeSetting,
  exposureOf,
  runsForeignCode,
} from '../../shared/surface-exposure.ts';
import { nameJob, surfaceJobs, type SurfaceJob, surfacePlatforms } from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';

interface Privilege {
  /** What follows for the machine, behind the name of the job. */
  readonly gives: string;
  /** The whole machine, and not only a part of it. */
  readonly owns: boolean;
  readonly remedy: string;
}

const WITHOUT_DAEMON =
  'Build images without it: BuildKit in rootless mode, `buildah` or `kaniko` need no rights on the machine. If nothing else will do, keep such jobs on machines of their own that live for one job.';

const PRIVILEGES: Readonly<Record<PrivilegeUse['kind'], Privilege>> = {
  privileged: { gives: 'is as good as root on its machine', owns: true, remedy: WITHOUT_DAEMON },
  'docker-socket': {
    gives: 'starts any container on its machine, as root',
    owns: true,
    remedy: WITHOUT_DAEMON,
  },
  'host-path': {
    gives: 'reads and writes files of its machine',
    owns: true,
    remedy:
      'Use a volume of the run’s own (`emptyDir`, a claim, a workspace) instead of a folder of the machine.',
  },
  'host-network': {
    gives: 'sees the network of its machine',
    owns: false,
    remedy: 'Take it away: a job reaches services by their names without it.',
  },
  root: {
    gives: 'runs as root in its container',
    owns: false,
    remedy: 'Let it run as a user without rights: `runAsNonRoot: true` and `runAsUser: 65532`.',
  },
  controller: {
    gives: 'runs on the controller, beside the credentials of all jobs',
    owns: true,
    remedy: 'Name a label of agents for the job, and set the number of executors of the built-in node to 0.',
  },
};

/** Code of members on a machine that serves others is worth a look; code of outsiders is an intrusion. */
function judge(use: PrivilegeUse, at: SurfaceJob): Omit<Report, 'at' | 'message'> {
  const { owns } = PRIVILEGES[use.kind];
  const exposure = exposureOf(at.surface, runsForeignCode);
  const open = exposure.reach === 'full' || exposure.reach === 'bare';
  if (open && owns) {
    const sure = exposure.start?.setting === undefined;
    const attack = attackOf(at, exposure);
    return {
      severity: sure ? 'high' : 'medium',
      confidence: confidenceOf(exposure),
      persona: sure || use.kind === 'controller' ? 'regular' : 'pedantic',
      ...(attack === undefined
        ? {}
        : { attack: { ...attack, reaches: ['the machine that it runs on', ...attack.reaches] } }),
    };
  }
  if (use.kind === 'controller') return { severity: 'medium', confidence: 'high', persona: 'regular' };
  if (use.kind === 'root') return { severity: 'info', confidence: 'medium', persona: 'auditor' };
  return { severity: owns ? 'medium' : 'low', confidence: 'medium', persona: 'pedantic' };
}

function toCandidate(use: PrivilegeUse, at: SurfaceJob): Candidate {
  const { gives, owns, remedy } = PRIVILEGES[use.kind];
  const exposure = exposureOf(at.surface, runsForeignCode);
  const open = owns && (exposure.reach === 'full' || exposure.reach === 'bare');
  const who = open ? `, and ${exposure.start?.what ?? ''} starts it${describeSetting(exposure)}` : '';
  return {
    source: use.source,
    span: use.span,
    report: {
      ...judge(use, at),
      message: `the job ${nameJob(at.job)} ${gives} (${use.what.slice(0, 50)})${who}`,
      remedy,
      key: `${at.job.id} ${use.kind}`,
    },
  };
}

function findPrivileges(repository: Repository): Candidate[] {
  return surfaceJobs(repository)
    .filter(({ job }) => job.runner?.hosting !== 'hosted')
    .flatMap((each) => each.surface.privileges.map((use) => toCandidate(use, each)));
}

export const rule: Rule = {
  id: 'boxless-build',
  title: 'A build can leave its box',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: surfacePlatforms,
  standards: { cicdSec: ['CICD-SEC-7', 'CICD-SEC-5'], cwe: ['CWE-250', 'CWE-269'], cis: ['2.1.3', '2.1.6'] },
  description:
    'Looks for jobs in privileged containers, with the socket of Docker, folders or the network of the machine, as root, and on the controller itself. Machines that the platform throws away after the job are left out. Everybody sees those that run code of outsiders, and builds on the controller.',
  why: 'A container that owns its machine is none: whatever runs in the job takes the machine, and with it the tokens, the files and the credentials of every job that runs there beside it or after it.',
  remedy: WITHOUT_DAEMON,
  references: [
    'https://www.jenkins.io/doc/book/security/controller-isolation/',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
  ],
  aliases: ['trajan/self-hosted-docker-socket'],

  repository(repository, context) {
    reportWorst(findPrivileges(repository), rule, context);
  },
};
