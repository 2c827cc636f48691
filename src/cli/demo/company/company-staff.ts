import type { DevelopmentPerson } from '#identity/emulator/people/people-provider.ts';

/** Who works with Vouchgate at the company, one for each role. */
export const companyStaff: readonly DevelopmentPerson[] = [
  { subject: 'sara', name: 'Sara Lindqvist', email: 'sara@acme.example', groups: ['platform'] },
  { subject: 'ines', name: 'Ines Duarte', email: 'ines@acme.example', groups: ['security'] },
  { subject: 'mehmet', name: 'Mehmet Aydin', email: 'mehmet@acme.example', groups: ['shop'] },
  { subject: 'kofi', name: 'Kofi Mensah', email: 'kofi@acme.example', groups: ['change-board'] },
  { subject: 'vera', name: 'Vera Novak', email: 'vera@acme.example', groups: ['audit'] },
];

export type StaffName = 'sara' | 'ines' | 'mehmet' | 'kofi' | 'vera';

/** As registered with the company's identity provider for people. */
export const STAFF_CLIENT_ID = 'vouchgate';

/** The section `people` of the configuration. */
export function peopleSection(issuer: string): string {
  return `people:
  signIn:
    name: Acme
    issuer: ${issuer}
    clientId: ${STAFF_CLIENT_ID}
  roles:
    - { role: owner, groups: [platform] }
    - { role: security, groups: [security] }
    - { role: developer, team: shop, groups: [shop] }
    - { role: approver, groups: [change-board] }
    - { role: auditor, groups: [audit] }
  teams:
    shop: { repositories: [acme/shop, acme/notifications, acme/design-system, acme/search] }
`;
}
