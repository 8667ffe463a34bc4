/** Second factors: an authenticator app (totp), text messages (sms), or codes the caller delivers (generic_otp). */
import { z } from 'zod';
import {
  ApiError,
  idOf,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import type { AuthFactor } from '../state/mfa.ts';
import { newTotpSecret } from './totp.ts';
import { parse } from '../http/validation.ts';
import { timestamps, type World } from '../state/world.ts';

export const factorOperations: readonly Operation[] = [
  { method: 'POST', path: '/auth/factors/enroll', perform: enroll },
  { method: 'GET', path: '/auth/factors/{id}', perform: get },
  { method: 'DELETE', path: '/auth/factors/{id}', perform: remove },
];

const Owner = { user_id: z.string().optional() };
const Enroll = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('totp'),
    totp_issuer: z.string().min(1),
    totp_user: z.string().min(1),
    ...Owner,
  }),
  z.object({ type: z.literal('sms'), phone_number: z.string(), ...Owner }),
  z.object({ type: z.literal('generic_otp'), ...Owner }),
]);
type Enroll = z.infer<typeof Enroll>;

export function factorOf({ state }: World, id: string): AuthFactor {
  return requireFound(state.authFactors.get(id), 'Authentication factor', id);
}

/** Deletes a factor and its challenges. */
export function deleteFactor(world: World, id: string): void {
  factorOf(world, id);
  world.state.authFactors.delete(id);
  for (const [key, challenge] of world.state.authChallenges)
    if (challenge.authentication_factor_id === id) world.state.authChallenges.delete(key);
}

function enroll(request: ApiRequest, world: World): Reply {
  const input = parse(Enroll, request.body);
  requireUser(world, input.user_id);
  const { type, user_id } = input;
  const factor: AuthFactor = {
    object: 'authentication_factor',
    id: world.newId('auth_factor'),
    type,
    ...(user_id !== undefined && { user_id }),
    ...detailsOf(input),
    ...timestamps(world),
  };
  world.state.authFactors.set(factor.id, factor);
  return { status: 201, body: withSecrets(factor) };
}

function detailsOf(input: Enroll): Pick<AuthFactor, 'sms' | 'totp'> {
  switch (input.type) {
    case 'totp': {
      const { totp_issuer: issuer, totp_user: user } = input;
      return { totp: { issuer, user, secret: newTotpSecret() } };
    }
    case 'sms':
      return { sms: { phone_number: requirePhoneNumber(input.phone_number) } };
    case 'generic_otp':
      return {};
  }
}

function requireUser({ state }: World, userId: string | undefined): void {
  if (userId === undefined || state.users.has(userId)) return;
  throw new ApiError(422, {
    message: `User not found: '${userId}'.`,
    errors: [{ field: 'user_id', code: 'user_id_invalid' }],
  });
}

/** Removes spaces and hyphens. */
function requirePhoneNumber(given: string): string {
  const number = given.replace(/[\s-]/g, '');
  if (/^\+[1-9]\d{6,14}$/.test(number)) return number;
  throw new ApiError(422, {
    code: 'invalid_phone_number',
    message: `Phone number is invalid: '${given}'`,
  });
}

function get(request: ApiRequest, world: World): Reply {
  const { totp, ...factor } = factorOf(world, idOf(request));
  const known = totp && { issuer: totp.issuer, user: totp.user };
  return { status: 200, body: { ...factor, ...(known && { totp: known }) } };
}

function remove(request: ApiRequest, world: World): Reply {
  deleteFactor(world, idOf(request));
  return { status: 204 };
}

function withSecrets({ totp, ...factor }: AuthFactor): object {
  if (!totp) return factor;
  const { issuer, user, secret } = totp;
  const label = [issuer, user].map(encodeURIComponent).join(':');
  const uri = `otpauth://totp/${label}?${new URLSearchParams({ secret, issuer }).toString()}`;
  return { ...factor, totp: { ...totp, uri, qr_code: svgImage(uri) } };
}

/** An SVG image of the URI as text. A real QR code would need an encoder library. */
function svgImage(text: string): string {
  const words = text.match(/.{1,40}/g) ?? [];
  const lines = words.map(
    (part, row) => `<text x="8" y="${20 + row * 16}">${escapeXml(part)}</text>`,
  );
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="160" font-family="monospace"' +
    ` font-size="12"><rect width="100%" height="100%" fill="#fff"/>${lines.join('')}</svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
