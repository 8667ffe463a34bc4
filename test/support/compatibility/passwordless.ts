import { REDIRECT_URI } from '../sign-in.ts';
import type { Call } from './call.ts';

const link = { type: 'MagicLink', email: 'ada@acme.test', redirectURI: REDIRECT_URI };

export const passwordlessCalls: readonly Call[] = [
  {
    method: 'passwordless.createSession',
    args: () => [{ ...link, state: 'there and back', expiresIn: 900 }],
    keep: 'session',
  },
  {
    method: 'passwordless.createSession',
    when: 'of a connection',
    args: ({ ids }) => [{ ...link, connection: ids.connection }],
  },
  {
    method: 'passwordless.createSession',
    when: 'the address is none',
    args: () => [{ ...link, email: 'none' }],
  },
  { method: 'passwordless.sendSession', args: ({ ids }) => [ids.session] },
  {
    method: 'passwordless.sendSession',
    when: 'there is none',
    args: () => ['passwordless_session_none'],
  },
];
