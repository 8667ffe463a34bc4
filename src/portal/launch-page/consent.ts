import { createHash } from 'node:crypto';
import { bearerOf } from '../../auth/authorization-header.ts';
import type { TokenSealer } from '../../core/encryption.ts';
import type { ActingUser } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import { comesFromAnotherSite } from '../../http/navigation.ts';
import type { Headers, PortalDeps } from '../protocol/deps.ts';

const FORM_SECONDS = 3_600;
/** Fields of the form of the confirm page. */
export const ASKED = [
  'ticket',
  'client_id',
  'tenant_id',
  'intent',
  'return_url',
  'success_url',
] as const;
type Fields = Readonly<Partial<Record<(typeof ASKED)[number], string | undefined>>>;
type ConsentDeps = Pick<PortalDeps, 'sealer' | 'signedInUser' | 'publicUrl'>;

/** A browser sends a cookie whichever site caused the request, but never an `Authorization` header. */
const isByCookie = (headers: Headers): boolean => bearerOf(headers.authorization) === undefined;

/** True if the browser itself says that the person, or a page of the same site, opened the address. */
const isOpenedHere = (headers: Headers): boolean =>
  ['none', 'same-origin', 'same-site'].includes(headers['sec-fetch-site'] ?? '');

/** True if the browser itself says that a page of Gatehouse sent the form. */
const isOwnForm = (headers: Headers, publicUrl: string): boolean =>
  headers['sec-fetch-site'] === 'same-origin' || headers.origin === publicUrl;

/** False when the confirm page has to be shown first, because another site may have opened the address. */
export const mayMintAtOnce = (headers: Headers): boolean =>
  isByCookie(headers) ? isOpenedHere(headers) : !comesFromAnotherSite(headers);

/**
 * Hidden field with a token for the page's form. It is for browsers that do not say who sent a form
 * (older Safari, browsers inside apps): the token is for one user and for what the page asked, and
 * only a page that was shown to that user has it.
 *
 * @returns no field when the browser sends Fetch Metadata, or nobody is signed in
 */
export async function formTokenField(
  { sealer, signedInUser }: ConsentDeps,
  headers: Headers,
  asked: Fields,
): Promise<Record<string, string>> {
  if (headers['sec-fetch-site'] !== undefined) return {};
  const user = await signedInUser(headers).catch(undefinedForProblem);
  if (!user) return {};
  const content = { user: nameOf(user), asked: digestOf(asked) };
  return { form_token: sealer.seal('form', content, FORM_SECONDS) };
}

/**
 * True when the user is identified by a cookie, and neither the browser nor a form token shows that
 * a page of Gatehouse sent the form. A missing `Origin` or `Sec-Fetch-Site` is no consent.
 */
export async function lacksConsent(
  { sealer, signedInUser, publicUrl }: ConsentDeps,
  fields: Fields & { readonly form_token?: string | undefined },
  headers: Headers,
): Promise<boolean> {
  if (!isByCookie(headers) || isOwnForm(headers, publicUrl)) return false;
  const user = await signedInUser(headers).catch(undefinedForProblem);
  return user !== undefined && !isGoodToken(sealer, fields.form_token, user, fields);
}

function isGoodToken(
  sealer: TokenSealer,
  token: string | undefined,
  user: ActingUser,
  asked: Fields,
): boolean {
  const form = sealer.open<{ user: string; asked: string }>('form', token ?? '');
  return form?.user === nameOf(user) && form.asked === digestOf(asked);
}

/** An invalid sign-in counts as none here; where a user is required, it is refused with its reason. */
const undefinedForProblem = (error: unknown): undefined => {
  if (!(error instanceof Problem)) throw error;
  return undefined;
};

const nameOf = ({ id, tenantId }: ActingUser): string => `${tenantId ?? ''}\n${id}`;
const digestOf = (asked: Fields): string =>
  createHash('sha256')
    .update(JSON.stringify(ASKED.map((name) => asked[name] ?? null)))
    .digest('base64url');
