import type { PersonAction } from './action.ts';

/** What each action is, for people: the reference page, and the console where somebody chooses. */
export const actionMeanings: Readonly<Record<PersonAction, string>> = {
  own: 'see and end what is their own: sessions, API tokens',
  view: 'see pipelines, findings, decisions and the configuration',
  viewRecord: 'see the audit record and where its copies go',
  triage: 'decide about findings: accept, assign, reopen',
  upload: 'bring reports of tools and definitions of pipelines',
  propose: 'propose a change of the configuration',
  approve: 'let a proposed change through, or turn it down',
  manageLeases: 'end access, freeze and unfreeze',
  configure: 'store secrets, retry sinks, erase personal data',
  administer: 'end sessions and API tokens of others',
};
