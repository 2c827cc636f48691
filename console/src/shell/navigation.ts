import type { PersonAction } from '#api/action.ts';
import {
  Activity,
  BookOpenCheck,
  Bug,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  Settings,
  Workflow,
} from 'lucide-react';

export interface NavigationItem {
  label: string;
  to: '/' | '/pipelines' | '/access' | '/decisions' | '/findings' | '/record' | '/settings';
  icon: LucideIcon;
  /** Only for those who may do it. */
  action?: PersonAction;
}

export const navigation: readonly NavigationItem[] = [
  { label: 'Overview', to: '/', icon: LayoutDashboard },
  { label: 'Pipelines', to: '/pipelines', icon: Workflow },
  { label: 'Access', to: '/access', icon: KeyRound },
  { label: 'Decisions', to: '/decisions', icon: Activity },
  { label: 'Findings', to: '/findings', icon: Bug },
  { label: 'Record', to: '/record', icon: BookOpenCheck, action: 'viewRecord' },
  { label: 'Settings', to: '/settings', icon: Settings },
];
