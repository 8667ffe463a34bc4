import { INTENTS } from '../../../src/core/intents.ts';
import type { Call } from './call.ts';

const RETURN = 'https://app.example.com/settings';

export const portalCalls: readonly Call[] = [
  ...INTENTS.map((intent): Call => ({
    method: 'adminPortal.generateLink',
    when: `\`${intent}\``,
    args: ({ acme }) => [{ organization: acme, intent }],
  })),
  {
    method: 'adminPortal.generateLink',
    when: 'with everything',
    args: ({ acme }) => [
      {
        organization: acme,
        intent: 'sso',
        returnUrl: RETURN,
        successUrl: `${RETURN}?done`,
        intentOptions: { sso: { bookmarkSlug: 'app', providerType: 'GoogleSAML' } },
        adminEmails: ['it@acme.test'],
      },
    ],
  },
  {
    method: 'adminPortal.generateLink',
    when: 'the intent is none',
    args: ({ acme }) => [{ organization: acme, intent: 'billing' }],
  },
  {
    method: 'adminPortal.generateLink',
    when: 'there is no such organization',
    args: () => [{ organization: 'nobody', intent: 'sso' }],
  },
  {
    method: 'adminPortal.generateLink',
    when: 'there is no intent',
    args: ({ acme }) => [{ organization: acme }],
    differs: {
      why: '`intent` is required',
      gateway: { error: { name: 'UnprocessableEntityException', status: 422 } },
    },
  },
];
