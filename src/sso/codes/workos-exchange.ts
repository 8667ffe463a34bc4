import { z } from 'zod';
import { Problem } from '../../core/problem.ts';
import { failureOf } from '../../workos/failure.ts';
import { parseReply, StoredId } from '../../workos/parse-reply.ts';
import type { Upstream } from '../../workos/upstream.ts';
import { OauthTokens, Profile } from '../protocol/schemas.ts';

const TOKEN = { class: 'sso', operation: 'token', repeatable: false } as const;
const PROFILE = { class: 'sso', operation: 'profile', repeatable: true } as const;

/** The fields that are read from a profile. All others are dropped. */
const UpstreamProfile = Profile.extend({
  id: StoredId,
  connection_id: StoredId,
  organization_id: StoredId.nullish(),
});

const UpstreamToken = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
  profile: UpstreamProfile,
  oauth_tokens: OauthTokens.nullish(),
});

export type ExchangedProfile = z.output<typeof UpstreamProfile>;
export type ExchangedToken = z.output<typeof UpstreamToken>;

/** WorkOS did not receive the code, so it is still valid. `cause` has the reason. */
export class CodeNotTaken extends Error {
  override readonly name = 'CodeNotTaken';
}

export type Exchange = ReturnType<typeof createExchange>;

/**
 * Calls WorkOS for a sign-in. A code is sent at most once, whatever fails: it is single-use, and a
 * retry would get `invalid_grant` for a code that was valid.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export const createExchange = (upstream: Upstream, clientId: string) => ({
  /** Call before spending a code: throws if the exchange would be refused locally. @throws Problem as `Upstream.requireOpen` */
  requireOpen: (): void => upstream.requireOpen(TOKEN),

  /**
   * Exchanges a code.
   *
   * @param verifier our PKCE verifier; undefined for a magic link or an IdP-initiated login
   * @returns undefined when WorkOS refuses the code
   * @throws CodeNotTaken, UpstreamFailure
   */
  async exchange(code: string, verifier: string | undefined): Promise<ExchangedToken | undefined> {
    try {
      const { data } = await upstream.call(TOKEN, (workos) =>
        workos.post<unknown>(
          '/sso/token',
          tokenRequest(clientId, workos.key ?? '', code, verifier),
        ),
      );
      return parseReply(UpstreamToken, data, 'a reply of /sso/token');
    } catch (error) {
      if (refusesCode(error)) return undefined;
      throw isTaken(error)
        ? error
        : new CodeNotTaken('WorkOS did not receive the code.', { cause: error });
    }
  },

  /** Returns undefined when WorkOS no longer accepts the token. @throws UpstreamFailure */
  async profile(accessToken: string): Promise<ExchangedProfile | undefined> {
    const answer = await upstream.call(PROFILE, (workos) =>
      // Caught inside the call: the circuit breaker would take a 401 for a refusal of our own key.
      workos.get<unknown>('/sso/profile', { accessToken }).catch(unlessTokenRefused),
    );
    return answer && parseReply(UpstreamProfile, answer.data, 'a reply of /sso/profile');
  },
});

/** The form that SDKs send. WorkOS expects its API key as the client secret. */
function tokenRequest(
  clientId: string,
  key: string,
  code: string,
  verifier: string | undefined,
): URLSearchParams {
  const form = new URLSearchParams({
    client_id: clientId,
    client_secret: key,
    grant_type: 'authorization_code',
    code,
  });
  if (verifier !== undefined) form.set('code_verifier', verifier);
  return form;
}

/** True if WorkOS refused the code itself (RFC 6749 §5.2), as opposed to our request. */
const refusesCode = (error: unknown): boolean => {
  const { status, code } = failureOf(error)?.facts ?? {};
  return status === 400 && code === 'invalid_grant';
};

/** True if WorkOS may have received the code: false if the call was never made or answered with 429. */
function isTaken(error: unknown): boolean {
  if (error instanceof Problem) return false;
  const { neverSent = false, status } = failureOf(error)?.facts ?? {};
  return !neverSent && status !== 429;
}

function unlessTokenRefused(error: unknown): undefined {
  const status = failureOf(error)?.facts.status;
  if (status !== 401 && status !== 404) throw error;
}
