import { z } from 'zod';
import { Problem } from '../../core/problem.ts';
import { failureOf } from '../../workos/failure.ts';
import { parseReply } from '../../workos/parse-reply.ts';
import type { Upstream } from '../../workos/upstream.ts';
import { OauthTokens, Profile } from '../protocol/contract.ts';

const TOKEN = { class: 'sso', operation: 'token', repeatable: false } as const;
const PROFILE = { class: 'sso', operation: 'profile', repeatable: true } as const;

/** The fields that are read from a profile; all others are dropped. */
const UpstreamProfile = Profile.extend({ organization_id: z.string().nullish() });

const UpstreamToken = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
  profile: UpstreamProfile,
  oauth_tokens: OauthTokens.nullish(),
});

export type ExchangedProfile = z.output<typeof UpstreamProfile>;
export type ExchangedToken = z.output<typeof UpstreamToken>;

/** WorkOS has not taken the code, and so it is as good as before. `cause` says why. */
export class CodeNotTaken extends Error {
  override readonly name = 'CodeNotTaken';
}

export type Exchange = ReturnType<typeof createExchange>;

/**
 * The upstream half of a sign-in. A call sends a code at most once, whatever fails: it is single-use,
 * and a second try would say `invalid_grant` about a code that was good.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export const createExchange = (upstream: Upstream, clientId: string) => ({
  /** To be asked before a code is spent: a call that is not made leaves it good. @throws Problem as `Upstream.requireOpen` */
  requireOpen: (): void => upstream.requireOpen(TOKEN),

  /**
   * Undefined: WorkOS says that the code is not good.
   *
   * @param verifier undefined: the login began at the identity provider
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
      return parseReply(UpstreamToken, data, 'what /sso/token promises');
    } catch (error) {
      if (refusesCode(error)) return undefined;
      throw isTaken(error) ? error : new CodeNotTaken('WorkOS has not taken it.', { cause: error });
    }
  },

  /** Undefined: WorkOS no longer takes the token. @throws UpstreamFailure */
  async profile(accessToken: string): Promise<ExchangedProfile | undefined> {
    const answer = await upstream.call(PROFILE, (workos) =>
      // Caught in here: to the breaker a 401 would mean that our own key is refused.
      workos.get<unknown>('/sso/profile', { accessToken }).catch(unlessTokenRefused),
    );
    return answer && parseReply(UpstreamProfile, answer.data, 'what /sso/profile promises');
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

/** RFC 6749 §5.2: about the code, and not about us. */
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
