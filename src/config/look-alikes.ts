import { closest } from '../core/near-miss.ts';
import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';

/** A variable of the environment that has no effect, but was probably meant to be a setting. */
export interface LookAlike {
  readonly name: string;
  /** The setting that it looks like. Undefined if only its beginning is ours. */
  readonly meant: string | undefined;
}

const settings = Object.entries<Setting>(SETTINGS);
const NAMES = settings.map(([name]) => name);
/** Every name that is read. Proxies are also read in lower case; the last two are ports of `gatehouse dev`. */
const KNOWN = [
  ...NAMES,
  ...settings.flatMap(([name, { secret }]) => (secret ? [`${name}_FILE`] : [])),
  ...['https_proxy', 'http_proxy', 'no_proxy', 'PRODUCT_PORT', 'WORKOS_PORT'],
];
/** Beginnings that only settings of Gatehouse have. Not `GATEHOUSE_`: Kubernetes names the ports of the service `gatehouse` so. */
const OUR_BEGINNINGS = /^(WORKOS|USER_TOKEN|CLIENT_TOKEN|IT_ADMIN)_/;
/** Names that Kubernetes and Docker set for each service: `POSTGRES_PORT_5432_TCP_ADDR`, `WORKOS_SERVICE_HOST`. */
const OF_SERVICES =
  /_(SERVICE_(HOST|PORT)(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

/** Names that other programs and guides use for the same thing. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  TRUSTED_PROXIES: 'TRUST_PROXY',
  SMTP_HOST: 'SMTP_URL',
  SMTP_SERVER: 'SMTP_URL',
  SMTP_USER: 'SMTP_URL',
  SMTP_USERNAME: 'SMTP_URL',
  SMTP_PASS: 'SMTP_URL',
  SMTP_PASSWORD: 'SMTP_URL',
  SMTP_FROM: 'MAIL_FROM',
  EMAIL_FROM: 'MAIL_FROM',
  POSTGRES_URL: 'DATABASE_URL',
  WORKOS_KEY: 'WORKOS_API_KEY',
  WORKOS_SECRET_KEY: 'WORKOS_API_KEY',
  RETENTION: 'RETENTION_DAYS',
};

/** Finds variables that look like mistyped settings. */
export const lookAlikes = (env: NodeJS.ProcessEnv): LookAlike[] =>
  Object.keys(env)
    .filter((name) => !KNOWN.includes(name) && !OF_SERVICES.test(name))
    .map((name) => ({ name, meant: settingMeantBy(name.toUpperCase().replaceAll('-', '_')) }))
    .filter(({ name, meant }) => meant !== undefined || OUR_BEGINNINGS.test(name));

/** The file of a secret if a file was named, else the setting. */
function settingMeantBy(name: string): string | undefined {
  const meant = nearestSetting(name);
  return name.endsWith('_FILE') && KNOWN.includes(`${meant}_FILE`) ? `${meant}_FILE` : meant;
}

function nearestSetting(name: string): string | undefined {
  const bare = name.replace(/^GATEHOUSE_/, '').replace(/_FILE$/, '');
  return (
    [name, bare].find((one) => NAMES.includes(one)) ??
    OTHER_NAMES[bare] ??
    NAMES.find((one) => wordsOf(one) === wordsOf(bare)) ??
    closest(name, KNOWN, editsIn(name))
  );
}

/** The words of a name in alphabetical order and in the singular: `PROXIES_TRUSTED` differs, `TRUST_PROXIES` does not. */
const wordsOf = (name: string): string =>
  name
    .split('_')
    .map((word) => word.replace(/IES$/, 'Y').replace(/(?<!S)S$/, ''))
    .sort()
    .join('_');

/** Short names are near to many others, such as `PATH` to `PORT`. */
const editsIn = (name: string): number => Math.min(2, Math.floor(name.length / 6));

/** Describes it for the operator. Never shows a value. */
export function describeLookAlike({ name, meant }: LookAlike): string {
  if (meant === undefined)
    return `${name} is not a setting and has no effect; see docs/settings.md`;
  if (name === `${meant}_FILE`)
    return `${name} has no effect: only secrets are read from files; set ${meant}`;
  return `${name} is not a setting and has no effect; did you mean ${meant}?`;
}
