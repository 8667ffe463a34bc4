/** Requests that start a sign-in. */
import { z } from 'zod';
import { Line } from '../../core/text.ts';

/** A base64url SHA-256 (RFC 7636 §4.2). */
export const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
export const MAX_STATE_BYTES = 1_024;

const Challenge = z.string().regex(CHALLENGE, 'must be a base64url SHA-256 (RFC 7636)');

/** Parameters of an authorization request, with the same names in the native and the compatible form. */
const AUTHORIZATION_PARAMETERS = {
  organization: Line(64).optional().meta({
    description: 'Your tenant id. Give exactly one of `organization`, `connection`, `provider`.',
  }),
  connection: Line(100).optional().meta({ description: 'A WorkOS connection id.' }),
  provider: Line(64).optional().meta({
    description:
      'A WorkOS provider, e.g. `GoogleOAuth`; only for clients that may use every tenant (`*`).',
  }),
  state: Line(MAX_STATE_BYTES)
    .refine((state) => Buffer.byteLength(state) <= MAX_STATE_BYTES, 'may have at most 1,024 bytes')
    .optional()
    .meta({ description: 'Returned to your redirect URI unchanged. At most 1 KB.' }),
  login_hint: Line(320).optional().meta({ description: 'Passed on to the identity provider.' }),
  domain_hint: Line(253).optional().meta({ description: 'Passed on to the identity provider.' }),
  nonce: Line(512).optional().meta({ description: 'Passed on to WorkOS.' }),
  prompt: Line(64)
    .optional()
    .meta({ description: 'Passed on to WorkOS; `login` forces a fresh sign-in.' }),
  provider_scopes: Line(1_024)
    .optional()
    .meta({ description: 'Scopes to request from the provider, comma separated.' }),
  code_challenge: Challenge.optional().meta({
    description: 'The PKCE code challenge (RFC 7636). Recommended.',
  }),
  code_challenge_method: z.literal('S256').optional().meta({ description: '`S256` only.' }),
};

/** The same parameters as optional text: `GET /sso/authorize` sends errors to the redirect URI, so the schema refuses nothing. */
const AS_TEXT = Object.fromEntries(
  Object.entries(AUTHORIZATION_PARAMETERS).map(([name, schema]) => [
    name,
    z
      .string()
      .optional()
      .meta({ description: schema.meta()?.description ?? '' }),
  ]),
);

const REDIRECT_URI =
  'One of the client’s registered redirect URIs, exactly as registered. Only the port of `http://127.0.0.1` and `http://[::1]` may differ.';

export const AuthorizationQuery = z.object({
  client_id: z.string().optional().meta({ description: 'Your client id.' }),
  redirect_uri: z.string().optional().meta({ description: REDIRECT_URI }),
  response_type: z.string().optional().meta({ description: '`code`.' }),
  ...AS_TEXT,
  provider_query_params: z.string().optional().meta({
    description:
      'Parameters for the provider: `provider_query_params[key]=value`, or one JSON object.',
  }),
  domain: z.string().optional().meta({
    description:
      'Refused with WorkOS’s error `domain_connection_selector_not_allowed`; give `organization`.',
    deprecated: true,
  }),
});

export const CreateAuthorizationUrl = z
  .strictObject({
    redirect_uri: Line(2_048).meta({ description: REDIRECT_URI }),
    ...AUTHORIZATION_PARAMETERS,
  })
  .meta({ id: 'CreateAuthorizationUrl', description: 'The parameters of the sign-in.' });

export const AuthorizationUrl = z
  .object({
    object: z.literal('authorization_url').meta({ description: 'Always `authorization_url`.' }),
    url: z.string().meta({ description: 'A URL of Gatehouse, never of WorkOS.' }),
  })
  .meta({ id: 'AuthorizationUrl', description: 'The URL to send a browser to.' });
