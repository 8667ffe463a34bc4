/** The setup page and the result of a sign-in test, in every state that looks different. */
import type { LocalPages } from '../../src/pages/pages.ts';
import type { TestedProfile, TestError } from '../../src/pages/setup-page/test-view.ts';
import { providerIcon } from '../../src/provider-icons/catalogue.ts';
import { featuresOf } from '../../src/setup/features.ts';
import type { Kind } from '../../src/setup/mirror/rows.ts';
import type { MirrorRow } from '../../src/setup/mirror/store.ts';
import { nextSteps } from '../../src/setup/next-steps.ts';
import { ARABIC, ASKED, LONG, type PageState } from './page-samples.ts';

const DAY_MS = 86_400_000;
const now = new Date();
const inDays = (days: number): string => new Date(now.getTime() + days * DAY_MS).toISOString();

const row = (kind: Kind, id: string, data: MirrorRow['data'] = {}): MirrorRow => ({
  kind,
  id,
  data,
  updatedAt: inDays(-3),
  deletedAt: null,
});

const connection = (data: object = {}, id = 'conn_1') =>
  row('connection', id, { name: 'Okta', type: 'OktaSAML', state: 'active', ...data });
const directory = (data: object = {}) =>
  row('directory', 'directory_1', {
    ...{ name: 'Globex staff', type: 'azure scim v2.0', state: 'active' },
    ...data,
  });
const domain = (name: string, state: string) => row('domain', name, { domain: name, state });
const certificate = (days: number) =>
  row('certificate', 'c', { connection_id: 'conn_1', expires_at: inDays(days) });
const auditLogs = (stream: string) =>
  row('audit_log_configuration', 'a', { state: 'active', log_stream: { state: stream } });
const key = (verified: boolean) => row('encryption_key', 'k', { verified });
const USED = row('sign_in', 'conn_1');
const VERIFIED = domain('globex.example', 'verified');

const ALL_WELL = [connection(), USED, certificate(300), directory(), VERIFIED];

const OVERVIEWS: Readonly<Record<string, readonly MirrorRow[]>> = {
  'nothing set up': [],
  'all well': [...ALL_WELL, auditLogs('active'), key(true)],
  'to be tested': [connection(), VERIFIED],
  'in progress': [
    connection({ state: 'draft', type: 'Pending', name: 'New connection' }),
    directory({ state: 'validating' }),
    domain('globex.example', 'pending'),
  ],
  'needs attention': [
    connection({ state: 'inactive' }),
    directory({ state: 'invalid_credentials' }),
    domain('globex.example', 'failed'),
    auditLogs('error'),
    key(false),
  ],
  'certificate about to expire': [connection(), USED, certificate(12), VERIFIED],
  'certificate expired': [connection(), USED, certificate(-2), VERIFIED],
  'long names': [
    connection({ name: LONG }),
    connection({ name: `${LONG} ${LONG}`, state: 'draft' }, 'conn_2'),
    directory({ name: LONG.replaceAll(' ', '') }),
    domain(`${'very-long-label'.repeat(4)}.${'another-label'.repeat(4)}.example`, 'pending'),
  ],
  'right to left': [
    connection({ name: ARABIC }),
    directory({ name: ARABIC, state: 'inactive' }),
    VERIFIED,
  ],
};

const PAGE = {
  ...{ path: '/setup/launch_1', formToken: 'x', lang: undefined },
  next: { url: 'https://console.acme.example/', host: 'console.acme.example' },
};

const NAMES: Readonly<Record<string, object>> = {
  'long names': { tenantName: LONG, product: LONG, userId: 'x'.repeat(255) },
  'right to left': { tenantName: ARABIC, product: ARABIC, userId: 'عادل' },
};

export const setupStates = ({ setup }: LocalPages): PageState[] => {
  const show = (
    name: string,
    rows: readonly MirrorRow[],
    asOf: Date | null,
    isCurrent: boolean,
  ) => {
    const features = featuresOf({ rows, asOf, isFresh: isCurrent });
    const steps = nextSteps(features);
    return {
      name: `setup, ${name}`,
      page: setup({
        ...{ ...ASKED, ...PAGE, ...NAMES[name], steps, asOf, isCurrent },
        features: withProviders(features),
      }),
    };
  };
  return [
    ...Object.entries(OVERVIEWS).map(([name, rows]) => show(name, rows, now, true)),
    show('WorkOS is down', ALL_WELL, new Date(now.getTime() - DAY_MS), false),
    show('WorkOS is down, never read', [], null, false),
  ];
};

const withProviders = (features: ReturnType<typeof featuresOf>) => {
  const provided = <T extends { readonly type: string }>(thing: T) => ({
    ...thing,
    provider: providerIcon(thing.type),
  });
  const { sso, directory_sync: sync } = features;
  return {
    ...features,
    sso: { ...sso, connections: sso.connections.map(provided) },
    directory_sync: { ...sync, directories: sync.directories.map(provided) },
  };
};

const PROFILE: TestedProfile = {
  ...{ id: 'prof_1', connection_id: 'conn_1', idp_id: '00u1a2b3c4' },
  ...{ email: 'ada@globex.example', first_name: 'Ada', last_name: 'Lovelace' },
  raw_attributes: {
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': 'ada@globex.example',
    groups: ['IT', 'Engineering'],
  },
};
const NAMELESS = { ...PROFILE, email: null, last_name: null, raw_attributes: { uid: 'ada' } };
const RTL = { ...PROFILE, first_name: 'عادل', last_name: LONG, raw_attributes: { الاسم: ARABIC } };

const PROFILES: Readonly<Record<string, TestedProfile>> = {
  works: PROFILE,
  'without an e-mail address': NAMELESS,
  'long and right to left': RTL,
};

const said = (reason: string, text?: string): TestError => ({ reason, said: text });

const ERRORS: Readonly<Record<string, TestError>> = {
  'wrong certificate': said('server_error', 'Signature validation failed: certificate mismatch.'),
  'not assigned': said('access_denied', 'AADSTS50105: The signed in user is not assigned.'),
  'another organization': said('profile_of_other_tenant'),
  'too old': said('code_refused'),
};

export const signInTestStates = ({ signInTest }: LocalPages): PageState[] => {
  const view = { ...ASKED, ...PAGE, connectionId: 'conn_1' };
  return [
    ...Object.entries(PROFILES).map(([name, profile]) => ({
      name: `sign-in test, ${name}`,
      page: signInTest({ ...view, profile }),
    })),
    ...Object.entries(ERRORS).map(([name, error]) => ({
      name: `sign-in test, ${name}`,
      page: signInTest({ ...view, error }),
    })),
  ];
};
