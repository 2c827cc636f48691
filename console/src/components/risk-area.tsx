import type { RiskArea } from '#api/risk-area.ts';
import {
  Binoculars,
  Biohazard,
  Boxes,
  Code,
  KeyRound,
  type LucideIcon,
  Settings2,
  ShieldAlert,
  TestTubeDiagonal,
} from 'lucide-react';

interface AreaName {
  label: string;
  /** What is asked about it. */
  question: string;
  icon: LucideIcon;
}

export const riskAreas = {
  misconfiguration: {
    label: 'Misconfiguration',
    question: 'Is anything set up so that it opens a door?',
    icon: Settings2,
  },
  secrets: { label: 'Secrets', question: 'Is there anything to steal that stays valid?', icon: KeyRound },
  'code-injection': { label: 'Code injection', question: 'Can text from outside become code?', icon: Code },
  'security-testing': {
    label: 'Security testing',
    question: 'Is what is built looked at for weaknesses, and mended?',
    icon: TestTubeDiagonal,
  },
  'third-parties': { label: 'Third parties', question: 'Whose code and services are trusted?', icon: Boxes },
  privilege: {
    label: 'Privilege',
    question: 'Can jobs and people do more than they need?',
    icon: ShieldAlert,
  },
  monitoring: {
    label: 'Monitoring',
    question: 'Would anybody notice, and could they prove it?',
    icon: Binoculars,
  },
  poisoning: { label: 'Poisoning', question: 'Can outsiders change what is built?', icon: Biohazard },
} as const satisfies Record<RiskArea, AreaName>;
