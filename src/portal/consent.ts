import { createHash } from 'node:crypto';
import { bearerOf } from '../auth/authorization-header.ts';
import type { ActingUser } from '../core/identity.ts';
import type { TokenSealer } from '../core/encryption.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const FORM_SECONDS = 3_600;
const ASKED = ['ticket', 'client_id', 'tenant_id', 'intent', 'return_url', 'success_url'] as const;
type Fields = Readonly<Partial<Record<(typeof ASKED)[number], string | undefined>>>;

/** A cookie goes along whoever made the browser ask; an `Authorization` header does not. */
export const isByCookie = (headers: Headers): boolean =>
  bearerOf(headers.authorization) === undefined;

/** The browser itself says that the person, or a page of the same site, opened the address. */
export const isOpenedHere = (headers: Headers): boolean =>
  ['none', 'same-origin', 'same-site'].includes(headers['sec-fetch-site'] ?? '');

/** The browser itself says that a page of ours sent the form. */
export const isOwnForm = (headers: Headers, publicUrl: string): boolean =>
  headers['sec-fetch-site'] === 'same-origin' || headers.origin === publicUrl;

/**
 * For browsers that do not say who sent a form (older Safari, browsers inside apps): the page's form
 * holds a token for its user and for what the page asked. Only a page shown to that user has it.
 */
export const createFormTokens = (sealer: TokenSealer) => ({
  fieldFor: (user: ActingUser, asked: Fields): Record<string, string> => ({
    form_token: sealer.seal('form', { user: nameOf(user), asked: digestOf(asked) }, FORM_SECONDS),
  }),
  isGood(token: string | undefined, user: ActingUser, asked: Fields): boolean {
    const form = sealer.open<{ user: string; asked: string }>('form', token ?? '');
    return form?.user === nameOf(user) && form.asked === digestOf(asked);
  },
});

const nameOf = ({ id, tenantId }: ActingUser): string => `${tenantId ?? ''}\n${id}`;
const digestOf = (asked: Fields): string =>
  createHash('sha256')
    .update(JSON.stringify(ASKED.map((name) => asked[name] ?? null)))
    .digest('base64url');
