/** What the page about a tested sign-in shows: the profile, or the error with its likely cause. */
import type { Language } from '../../core/languages.ts';
import { factsOf, type Asked } from '../views.ts';
import type { PlainKey, Texts } from '../texts/texts.ts';

export interface TestedProfile {
  readonly id: string;
  readonly connection_id: string;
  readonly idp_id?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly first_name?: string | null | undefined;
  readonly last_name?: string | null | undefined;
  readonly raw_attributes?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface TestError {
  /** One of WorkOS's codes, or Gatehouse's own. */
  readonly reason: string;
  readonly said: string | undefined;
}

export type SignInTestView = Asked & {
  readonly tenantName: string;
  /** The tested connection; undefined if it is not known any more. */
  readonly connectionId: string | undefined;
  /** The path of the setup page. */
  readonly path: string;
  readonly formToken: string;
  readonly lang: Language | undefined;
} & ({ readonly profile: TestedProfile } | { readonly error: TestError });

/** No more attributes are shown, and no more characters of one. */
const MOST_ATTRIBUTES = 60;
const MOST_CHARACTERS = 300;

/** Where a test of a connection begins. @param path of the setup page */
export const testPath = (path: string, connectionId: string, lang: Language | undefined): string =>
  `${path}/sign-in-test?connection=${encodeURIComponent(connectionId)}${lang ? `&lang=${lang}` : ''}`;

export function signInTestView(view: SignInTestView, t: Texts) {
  const { tenantName, formToken, path, connectionId, lang } = view;
  const shared = {
    tenantName,
    formToken,
    action: `${path}${lang ? `?lang=${lang}` : ''}`,
    again: connectionId === undefined ? undefined : testPath(path, connectionId, lang),
    facts: factsOf(view, t),
    change: t.text('setup.sso.change'),
  };
  return 'profile' in view
    ? { ...shared, ...profileView(view.profile, t) }
    : { ...shared, ...errorView(view.error, t) };
}

function profileView(profile: TestedProfile, t: Texts) {
  const { email, first_name: first, last_name: last, idp_id: idpId, raw_attributes: raw } = profile;
  const known = [
    { name: t.text('test.email'), value: email },
    { name: t.text('test.firstName'), value: first },
    { name: t.text('test.lastName'), value: last },
    { name: t.text('test.idpId'), value: idpId },
  ];
  const missing = known.filter(({ value }) => !value).map(({ name }) => name);
  return {
    title: t.text(missing.length > 0 ? 'test.incomplete' : 'test.works'),
    tone: missing.length > 0 ? 'waiting' : 'good',
    text: t.text('test.worksText'),
    missing: missing.length > 0 ? t.text('test.missing', { names: missing.join(', ') }) : undefined,
    attributes: known.map(({ name, value }) => ({ name, value: value ? shortened(value) : '–' })),
    raw: Object.entries(raw ?? {})
      .slice(0, MOST_ATTRIBUTES)
      .map(([name, value]) => ({ name: shortened(name), value: shortened(value) })),
    error: undefined,
  };
}

function errorView({ reason, said }: TestError, t: Texts) {
  return {
    title: t.text('test.failed'),
    tone: 'problem',
    text: t.text(causeOf(reason, said)),
    missing: undefined,
    attributes: [],
    raw: [],
    error: { code: reason, said },
  };
}

/** Causes that identity providers name in their own words, which WorkOS passes on. */
const WORDS: readonly (readonly [words: RegExp, cause: PlainKey])[] = [
  [/AADSTS50105|not assigned|unassigned/i, 'test.cause.access_denied'],
  [/AADSTS7000222|secret/i, 'test.cause.secret'],
  [/AADSTS50011|redirect.?ur[il]|reply.?url/i, 'test.cause.redirect'],
  [/certificate|signature|signing/i, 'test.cause.certificate'],
  [/audience|entity.?id|issuer/i, 'test.cause.audience'],
  [/clock|NotOnOrAfter|NotBefore|not yet valid|expired assertion/i, 'test.cause.clock'],
  [
    /e-?mail.*(?:missing|required)|(?:missing|required).*(?:attribute|e-?mail)/i,
    'test.cause.attribute',
  ],
];

const CODES: Readonly<Record<string, PlainKey>> = {
  access_denied: 'test.cause.access_denied',
  connection_invalid: 'test.cause.connection',
  connection_unlinked: 'test.cause.connection',
  connection_domain_invalid: 'test.cause.connection',
  connection_strategy_invalid: 'test.cause.connection',
  organization_invalid: 'test.cause.connection',
  oauth_failed: 'test.cause.oauth',
  profile_not_allowed_outside_organization: 'test.cause.domain',
  signin_consent_denied: 'test.cause.consent',
  server_error: 'test.cause.server',
  code_refused: 'test.cause.again',
  profile_of_other_tenant: 'test.cause.foreign',
};

/** The likely cause: by the identity provider's words where they name one, else by the code. */
export const causeOf = (reason: string, said = ''): PlainKey =>
  (reason in CODES && SPECIFIC.includes(reason) ? CODES[reason] : undefined) ??
  WORDS.find(([words]) => words.test(said))?.[1] ??
  CODES[reason] ??
  'test.cause.other';

/** Codes that say more than any description. */
const SPECIFIC = [
  'profile_not_allowed_outside_organization',
  'signin_consent_denied',
  'code_refused',
];

function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
