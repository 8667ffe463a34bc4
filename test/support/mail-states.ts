/** The e-mail with the link of a launch, as a mail program shows its HTML. */
import type { Language } from '../../src/core/languages.ts';
import { Secret } from '../../src/core/secret.ts';
import { invitation, type InvitationView } from '../../src/pages/mail/invitation.ts';
import { ARABIC, ASKED, LONG, type PageState } from './page-samples.ts';

const VIEW: InvitationView = {
  brand: { name: 'Acme', color: '#3b4cca' },
  tenantName: ASKED.tenantName,
  intent: 'sso',
  expiresAt: ASKED.until,
  url: new Secret(`https://gatehouse.example/launch-portal?ticket=${'Ab-1_'.repeat(9)}&lang=de`),
};

const MAILS: Readonly<Record<string, Partial<InvitationView>>> = {
  'one feature': {},
  'setup page': { intent: 'any' },
  'long names': { tenantName: LONG, brand: { name: LONG, color: '#ffffff' } },
  'right to left': { tenantName: ARABIC, brand: { name: ARABIC, color: '#000000' } },
};

const HEADERS = { 'content-type': 'text/html; charset=utf-8' };

export const mailStates = (language: Language): PageState[] =>
  Object.entries(MAILS).map(([name, view]) => ({
    name: `mail, ${name}`,
    page: {
      ...{ status: 200, headers: HEADERS },
      body: invitation(language, { ...VIEW, ...view }).html,
    },
  }));
