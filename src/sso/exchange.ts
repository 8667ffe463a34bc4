import { z } from 'zod';
import { failureOf, UpstreamFailure } from '../workos/failure.ts';
import type { Upstream } from '../workos/upstream.ts';

const CALL = { class: 'sso', repeatable: false } as const;

/** What is read of a profile; everything else stays here. */
const UpstreamProfile = z.looseObject({
  id: z.string(),
  organization_id: z.string().nullish(),
  connection_id: z.string(),
  connection_type: z.string(),
  idp_id: z.string(),
  email: z.string(),
});

const UpstreamToken = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.number().optional(),
  profile: UpstreamProfile,
  oauth_tokens: z.looseObject({ access_token: z.string() }).nullish(),
});

export type ExchangedProfile = z.output<typeof UpstreamProfile>;
export type ExchangedToken = z.output<typeof UpstreamToken>;

/** WorkOS's answer to a code: undefined says that the code is not good. */
export type Exchange = ReturnType<typeof createExchange>;

/**
 * The upstream half of a sign-in. A code is sent at most once, whatever fails: it is single-use, and
 * a second try would say `invalid_grant` about a code that was good.
 *
 * @see https://workos.com/docs/reference/sso/profile/get-profile-and-token
 */
export function createExchange(upstream: Upstream, clientId: string) {
  /** @throws UpstreamFailure */
  const exchange = async (
    code: string,
    verifier: string | undefined,
  ): Promise<ExchangedToken | undefined> => {
    try {
      const { data } = await upstream.call(CALL, (workos) =>
        workos.post<unknown>(
          '/sso/token',
          tokenRequest(clientId, workos.key ?? '', code, verifier),
        ),
      );
      return parsed(UpstreamToken, data);
    } catch (error) {
      if (refusesCode(error)) return undefined;
      throw error;
    }
  };

  return {
    exchange,

    /** Which organization a code is of; its profile and token are dropped. */
    async learn(code: string): Promise<string | null | undefined> {
      return (await exchange(code, undefined))?.profile.organization_id;
    },

    /** Undefined: WorkOS no longer takes the token. */
    async profile(accessToken: string): Promise<ExchangedProfile | undefined> {
      try {
        const { data } = await upstream.call({ ...CALL, repeatable: true }, (workos) =>
          workos.get<unknown>('/sso/profile', { accessToken }),
        );
        return parsed(UpstreamProfile, data);
      } catch (error) {
        const status = failureOf(error)?.facts.status;
        if (status === 401 || status === 404) return undefined;
        throw error;
      }
    },
  };
}

/** As SDKs send it. WorkOS wants its key as the client secret. */
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

function parsed<S extends z.ZodType>(schema: S, data: unknown): z.output<S> {
  const result = schema.safeParse(data);
  if (!result.success)
    throw new UpstreamFailure('invalid-response', { reason: 'not what /sso promises' });
  return result.data;
}
