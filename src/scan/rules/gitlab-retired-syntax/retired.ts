import type { Persona, Severity } from '#findings/severity.ts';

/** Something that GitLab took away, with the version that did. */
export interface Retired {
  readonly what: string;
  readonly since: string;
  readonly instead: string;
  readonly severity: Severity;
  readonly persona: Persona;
}

/** Variables that are not set any more: what uses them works with an empty text. */
const VARIABLES: readonly (readonly [RegExp, Retired])[] = [
  [
    /\bCI_JOB_JWT(?:_V[12])?\b/,
    {
      what: 'CI_JOB_JWT',
      since: '17.0',
      instead: 'Ask for a token of its own with `id_tokens: { TOKEN: { aud: https://service.example } }`.',
      severity: 'medium',
      persona: 'regular',
    },
  ],
  [
    /\bCI_BUILD_(?:ID|REF|REF_NAME|REF_SLUG|NAME|STAGE|TAG|TOKEN|REPO|BEFORE_SHA|MANUAL|TRIGGERED)\b/,
    {
      what: 'CI_BUILD_*',
      since: '16.0',
      instead: 'Use the names that begin with `CI_JOB_` and `CI_COMMIT_`.',
      severity: 'low',
      persona: 'pedantic',
    },
  ],
];

/** Keys of jobs and of the file that mean nothing any more. */
export const retiredKeys: Readonly<Record<string, Retired>> = {
  types: {
    what: 'types',
    since: '16.0',
    instead: 'Write `stages:`.',
    severity: 'low',
    persona: 'pedantic',
  },
  type: {
    what: 'type',
    since: '16.0',
    instead: 'Write `stage:`.',
    severity: 'low',
    persona: 'pedantic',
  },
};

export const retiredReports: Readonly<Record<string, Retired>> = {
  cobertura: {
    what: 'artifacts:reports:cobertura',
    since: '15.0',
    instead: 'Write `coverage_report: { coverage_format: cobertura, path: … }`.',
    severity: 'low',
    persona: 'pedantic',
  },
  license_management: {
    what: 'artifacts:reports:license_management',
    since: '14.0',
    instead: 'Let dependency scanning report licences with its SBOM (`cyclonedx`).',
    severity: 'low',
    persona: 'pedantic',
  },
  license_scanning: {
    what: 'artifacts:reports:license_scanning',
    since: '16.0',
    instead: 'Let dependency scanning report licences with its SBOM (`cyclonedx`).',
    severity: 'low',
    persona: 'pedantic',
  },
};

export interface RetiredUse {
  readonly retired: Retired;
  readonly start: number;
  readonly end: number;
}

/** The first retired variable in a text. */
export function findRetiredVariable(text: string): RetiredUse | undefined {
  for (const [pattern, retired] of VARIABLES) {
    const match = pattern.exec(text);
    if (match !== null) return { retired, start: match.index, end: match.index + match[0].length };
  }
  return undefined;
}
