import { isLoopback } from '../core/loopback.ts';
import type { SettingName, Values } from './settings.ts';

/** A condition between settings. It is checked if each of them is valid by itself. */
interface Rule {
  /** The first is the one that the message is about. */
  readonly settings: readonly [SettingName, ...SettingName[]];
  readonly message: string;
  readonly holds: (values: Values) => boolean;
}

export const isDevelopmentName = (name: string | undefined): boolean =>
  ['development', 'test'].includes(name ?? '');

/**
 * Checks rules that involve several settings.
 *
 * @param invalid settings that are invalid by themselves; rules about them are left out
 * @returns the broken rules
 */
export const brokenRules = (values: Values, invalid: ReadonlySet<string>): readonly Rule[] =>
  RULES.filter(
    ({ settings, holds }) => !settings.some((one) => invalid.has(one)) && !holds(values),
  );

const isDevelopment = ({ NODE_ENV }: Values): boolean => isDevelopmentName(NODE_ENV);

/** A rule for a setting that has a default in development only. */
const requiredInProduction = (name: SettingName, hint = ''): Rule => ({
  settings: [name],
  message: `${name}: is required in production${hint}`,
  holds: (values) => isDevelopment(values) || values[name] !== undefined,
});

function together(...names: [SettingName, SettingName, SettingName]): Rule {
  return {
    settings: names,
    message: `${names.join(', ')}: must be given together`,
    holds: (values) => new Set(names.map((name) => values[name] === undefined)).size === 1,
  };
}

/** Settings that are URLs: https only in production; in development also http on loopback. */
const URLS = [
  'PUBLIC_URL',
  'CONSOLE_URL',
  'WORKOS_API_BASE_URL',
  'USER_TOKEN_ISSUER',
  'USER_TOKEN_JWKS_URL',
  'CLIENT_TOKEN_ISSUER',
  'CLIENT_TOKEN_JWKS_URL',
  'BRAND_LOGO_URL',
  'PRODUCT_URL',
] as const satisfies readonly SettingName[];

const secure = (name: (typeof URLS)[number]): Rule => ({
  settings: [name],
  message: `${name}: must be https`,
  holds: (values) => {
    const url = values[name];
    return url === undefined || isSecure(new URL(url), isDevelopment(values));
  },
});

const isSecure = ({ protocol, hostname }: URL, development: boolean): boolean =>
  protocol === 'https:' || (development && protocol === 'http:' && isLoopback(hostname));

const WORKOS_HOSTS = ['api.workos.com', 'api.workos-test.com'];

const RULES: readonly Rule[] = [
  together('USER_TOKEN_ISSUER', 'USER_TOKEN_AUDIENCE', 'USER_TOKEN_JWKS_URL'),
  together('CLIENT_TOKEN_ISSUER', 'CLIENT_TOKEN_AUDIENCE', 'CLIENT_TOKEN_JWKS_URL'),
  {
    settings: [
      'CLIENT_TOKEN_AUDIENCE',
      'CLIENT_TOKEN_ISSUER',
      'USER_TOKEN_AUDIENCE',
      'USER_TOKEN_ISSUER',
    ],
    message:
      'CLIENT_TOKEN_AUDIENCE: must differ from USER_TOKEN_AUDIENCE when the issuer is the same, or a user could pass for a client',
    holds: (values) =>
      values.USER_TOKEN_ISSUER === undefined ||
      values.USER_TOKEN_ISSUER !== values.CLIENT_TOKEN_ISSUER ||
      values.USER_TOKEN_AUDIENCE !== values.CLIENT_TOKEN_AUDIENCE,
  },
  {
    settings: ['USER_TOKEN_COOKIE', 'USER_TOKEN_ISSUER'],
    message: 'USER_TOKEN_COOKIE: needs USER_TOKEN_ISSUER',
    holds: (values) => !values.USER_TOKEN_COOKIE || values.USER_TOKEN_ISSUER !== undefined,
  },
  {
    settings: ['USER_TOKEN_SEVERAL_AUDIENCES', 'USER_TOKEN_AZP_CLAIM'],
    message:
      'USER_TOKEN_SEVERAL_AUDIENCES: needs USER_TOKEN_AZP_CLAIM, or another audience could use the token for any client',
    holds: (values) =>
      !values.USER_TOKEN_SEVERAL_AUDIENCES || values.USER_TOKEN_AZP_CLAIM !== undefined,
  },
  {
    settings: ['MAIL_FROM', 'SMTP_URL'],
    message: 'MAIL_FROM: is required with SMTP_URL',
    holds: ({ SMTP_URL, MAIL_FROM }) => SMTP_URL === undefined || MAIL_FROM !== undefined,
  },
  {
    settings: ['ADMIN_PORT', 'PORT'],
    message: 'ADMIN_PORT: must differ from PORT, so that it can be kept inside the cluster',
    // 0 is any free port.
    holds: ({ PORT, ADMIN_PORT }) => PORT !== ADMIN_PORT || PORT === 0,
  },
  requiredInProduction('GATEHOUSE_KEYS', ' (openssl rand -base64 32)'),
  requiredInProduction('WORKOS_EXTERNAL_ID_PREFIX'),
  {
    settings: ['WORKOS_API_BASE_URL'],
    message: `WORKOS_API_BASE_URL: must be a WorkOS host in production (${WORKOS_HOSTS.join(' or ')})`,
    holds: (values) =>
      isDevelopment(values) || WORKOS_HOSTS.includes(new URL(values.WORKOS_API_BASE_URL).host),
  },
  ...URLS.map(secure),
];
