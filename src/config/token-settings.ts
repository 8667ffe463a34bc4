import { z } from 'zod';
import { absoluteUrl, flag, list } from './schemas.ts';
import type { Setting } from './setting.ts';

/** Tokens of users and of workloads. */
export const TOKENS = {
  USER_TOKEN_ISSUER: {
    description:
      'The `iss` of acting users’ tokens. Needs `USER_TOKEN_AUDIENCE` and `USER_TOKEN_JWKS_URL`.',
    schema: absoluteUrl,
    optional: true,
  },
  USER_TOKEN_AUDIENCE: {
    description: 'The `aud` of acting users’ tokens.',
    schema: z.string().min(1),
    optional: true,
  },
  USER_TOKEN_AUDIENCE_CLAIM: {
    description:
      'The claim that holds the audience. For issuers whose access tokens have no `aud`, such as Amazon Cognito: `client_id`.',
    schema: z.string().min(1),
    default: 'aud',
  },
  USER_TOKEN_SEVERAL_AUDIENCES: {
    description:
      '`true` accepts tokens for several audiences when one of them is `USER_TOKEN_AUDIENCE`, as Auth0 and Keycloak issue them. Needs `USER_TOKEN_AZP_CLAIM`: another audience could replay the token, but only for the client that it was issued to.',
    schema: flag,
    default: 'false',
  },
  USER_TOKEN_JWKS_URL: {
    description: 'The URL of that issuer’s key set (JWKS).',
    schema: absoluteUrl,
    optional: true,
  },
  USER_TOKEN_TENANT_CLAIM: {
    description: 'The claim that names the user’s tenant, or the path to it (`org.id`).',
    schema: z.string().min(1),
    default: 'tenant_id',
  },
  USER_TOKEN_ROLES_CLAIM: {
    description:
      'The claim that lists the user’s roles, or the path to it (`realm_access.roles`). A text may name several roles, separated by spaces.',
    schema: z.string().min(1),
    default: 'roles',
  },
  USER_TOKEN_COOKIE: {
    description:
      'The cookie that carries that token to `/launch-portal`. Needs `USER_TOKEN_ISSUER`.',
    schema: z.string().regex(/^[A-Za-z0-9_.-]+$/, 'must be the name of a cookie'),
    optional: true,
  },
  USER_TOKEN_AZP_CLAIM: {
    description: 'The claim, or the path to it, that must name the calling client, if set.',
    schema: z.string().min(1),
    optional: true,
  },
  IT_ADMIN_ROLES: {
    description: 'Roles that make a user an IT admin of their tenant, comma separated.',
    schema: list.refine((roles) => roles.length > 0, 'must name at least one role'),
    default: 'it_admin',
  },
  CLIENT_TOKEN_ISSUER: {
    description:
      'The `iss` of workload tokens (Kubernetes, any OIDC issuer). Needs `CLIENT_TOKEN_AUDIENCE` and `CLIENT_TOKEN_JWKS_URL`.',
    schema: absoluteUrl,
    optional: true,
  },
  CLIENT_TOKEN_AUDIENCE: {
    description:
      'The `aud` of workload tokens. If the issuer is that of users too, another than `USER_TOKEN_AUDIENCE`.',
    schema: z.string().min(1),
    optional: true,
  },
  CLIENT_TOKEN_JWKS_URL: {
    description: 'The URL of that issuer’s key set (JWKS).',
    schema: absoluteUrl,
    optional: true,
  },
} as const satisfies Record<string, Setting>;
