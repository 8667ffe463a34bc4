import { isLoopback } from '../core/loopback.ts';
import type { Config } from './config-from.ts';
import type { Values } from './settings.ts';

/** Checks rules that involve several settings. @returns the messages of broken rules */
export const brokenRules = (values: Values, config: Config): string[] => [
  ...RULES.filter(([, holds]) => !holds(values, config)).map(([message]) => message),
  ...insecureUrls(values, config),
];

/** The message of each rule, and the condition that must hold. */
const RULES: readonly (readonly [string, (values: Values, config: Config) => boolean])[] = [
  [
    'USER_TOKEN_ISSUER, USER_TOKEN_AUDIENCE, USER_TOKEN_JWKS_URL: must be given together',
    (values) =>
      allOrNone(values.USER_TOKEN_ISSUER, values.USER_TOKEN_AUDIENCE, values.USER_TOKEN_JWKS_URL),
  ],
  [
    'CLIENT_TOKEN_ISSUER, CLIENT_TOKEN_AUDIENCE, CLIENT_TOKEN_JWKS_URL: must be given together',
    (values) =>
      allOrNone(
        values.CLIENT_TOKEN_ISSUER,
        values.CLIENT_TOKEN_AUDIENCE,
        values.CLIENT_TOKEN_JWKS_URL,
      ),
  ],
  [
    'CLIENT_TOKEN_AUDIENCE: must differ from USER_TOKEN_AUDIENCE when the issuer is the same, or a user could pass for a client',
    (_values, { userToken, clientToken }) =>
      userToken?.issuer !== clientToken?.issuer ||
      userToken?.audience !== clientToken?.audience ||
      !userToken,
  ],
  [
    'USER_TOKEN_COOKIE: needs USER_TOKEN_ISSUER',
    (values, { userToken }) => !values.USER_TOKEN_COOKIE || userToken !== undefined,
  ],
  [
    'USER_TOKEN_SEVERAL_AUDIENCES: needs USER_TOKEN_AZP_CLAIM, or another audience could use the token for any client',
    (values) => !values.USER_TOKEN_SEVERAL_AUDIENCES || values.USER_TOKEN_AZP_CLAIM !== undefined,
  ],
  [
    'GATEHOUSE_KEYS: is required in production (openssl rand -base64 32)',
    (values, { development }) => development || values.GATEHOUSE_KEYS !== undefined,
  ],
  [
    'WORKOS_EXTERNAL_ID_PREFIX: is required in production',
    (values, { development }) => development || values.WORKOS_EXTERNAL_ID_PREFIX !== undefined,
  ],
  [
    'WORKOS_API_BASE_URL: must be a WorkOS host in production (api.workos.com or api.workos-test.com)',
    (_values, { development, workos }) => development || WORKOS_HOSTS.includes(workos.baseUrl.host),
  ],
];

const allOrNone = (...values: readonly unknown[]): boolean =>
  new Set(values.map((value) => value === undefined)).size === 1;

const WORKOS_HOSTS = ['api.workos.com', 'api.workos-test.com'];

/** Settings that are URLs: https only in production; in development also http on loopback. */
const URLS = [
  'PUBLIC_URL',
  'WORKOS_API_BASE_URL',
  'USER_TOKEN_ISSUER',
  'USER_TOKEN_JWKS_URL',
  'CLIENT_TOKEN_ISSUER',
  'CLIENT_TOKEN_JWKS_URL',
  'BRAND_LOGO_URL',
] as const;

const insecureUrls = (values: Values, { development }: Config): string[] =>
  URLS.filter((name) => values[name] !== undefined && !isSecure(values[name], development)).map(
    (name) => `${name}: must be https`,
  );

function isSecure(url: string, development: boolean): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (development && protocol === 'http:' && isLoopback(hostname));
}
