/** Every page for people in every state that looks different, for the contact sheet and the checks of accessibility. */
import { Problem, type ProblemSlug } from '../../src/core/problem.ts';
import type { ConfirmView, LocalPages, Page, ReturnedView } from '../../src/pages/pages.ts';

export interface PageState {
  readonly name: string;
  readonly page: Page;
}

const LONG =
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH & Co. KG';
const ARABIC = 'شركة النقل البحري للطاقة (المحدودة)';

const ASKED = {
  product: 'Acme Console',
  userId: 'ada@globex.example',
  until: new Date('2026-12-04T14:05:00Z'),
  tenantName: 'Globex',
};

const CONFIRM: ConfirmView = { ...ASKED, intent: 'sso', fields: { ticket: 'x' }, lang: undefined };

const RETURNED: ReturnedView = {
  ...ASKED,
  intent: 'sso',
  outcome: 'active',
  items: [{ name: 'Okta', state: 'active' }],
  next: { url: 'https://console.acme.example/', host: 'console.acme.example' },
  setupPage: undefined,
  reloadable: true,
};

const DOMAINS = [
  { name: 'globex.example', state: 'verified' },
  { name: 'second.globex.example', state: 'pending' },
  { name: 'third.globex.example', state: 'failed' },
];

const PROBLEMS: readonly ProblemSlug[] = [
  'launch-gone',
  'it-admin-required',
  'acting-user-required',
  'login-expired',
  'login-not-here',
  'unknown-client',
  'tenant-not-active',
  'provisioning-in-progress',
  'upstream-unavailable',
  'navigation-required',
  'not-found',
  'internal',
];

export const pageStates = (pages: LocalPages): PageState[] => [
  { name: 'home', page: pages.home() },
  ...confirmStates(pages),
  { name: 'opening', page: pages.opening() },
  ...returnedStates(pages),
  ...setupStates(pages),
  ...problemStates(pages),
];

const confirmStates = ({ confirm }: LocalPages): PageState[] => [
  { name: 'confirm', page: confirm(CONFIRM) },
  { name: 'confirm, signed in', page: confirm({ ...CONFIRM, until: undefined, intent: 'dsync' }) },
  {
    name: 'confirm, long names',
    page: confirm({ ...CONFIRM, product: LONG, tenantName: LONG, userId: 'x'.repeat(255) }),
  },
  {
    name: 'confirm, right to left',
    page: confirm({ ...CONFIRM, product: ARABIC, tenantName: ARABIC, userId: 'عادل' }),
  },
];

const returnedStates = ({ returned }: LocalPages): PageState[] => [
  { name: 'returned, active', page: returned({ ...RETURNED, reloadable: false }) },
  { name: 'returned, unused', page: returned({ ...RETURNED, outcome: 'active_unused' }) },
  {
    name: 'returned, in progress',
    page: returned({
      ...{ ...RETURNED, outcome: 'in_progress', intent: 'dsync' },
      items: [{ name: 'Azure AD', state: 'validating' }],
    }),
  },
  {
    name: 'returned, unchanged',
    page: returned({
      ...{ ...RETURNED, outcome: 'unchanged' },
      items: [{ name: LONG, state: 'draft' }],
    }),
  },
  {
    name: 'returned, attention',
    page: returned({
      ...{ ...RETURNED, outcome: 'attention', intent: 'certificate_renewal' },
      items: [
        { name: ARABIC, state: 'expired' },
        { name: 'Okta', state: 'expiring' },
      ],
    }),
  },
  {
    name: 'returned, domains',
    page: returned({
      ...{ ...RETURNED, outcome: 'in_progress', intent: 'domain_verification', items: DOMAINS },
      next: undefined,
    }),
  },
  {
    name: 'returned, nothing',
    page: returned({ ...RETURNED, outcome: 'nothing', intent: 'log_streams', items: [] }),
  },
  {
    name: 'returned, not revealed',
    page: returned({
      ...{ ...RETURNED, outcome: 'not_revealed', items: [], reloadable: false },
      next: undefined,
    }),
  },
  { name: 'returned, unknown', page: returned({ ...RETURNED, outcome: 'unknown', items: [] }) },
];

const SETUP_PAGE = { path: '/setup', formToken: 'x', tenantName: 'Globex', lang: undefined };

const setupStates = ({ setup, signInTest }: LocalPages): PageState[] => {
  const nothing = { state: 'not_configured' } as const;
  const okta = { id: 'conn_1', name: 'Okta', provider: { name: 'Okta', icon: null } };
  const features = {
    sso: {
      state: 'active' as const,
      connections: [
        { ...okta, state: 'active', certificate_expires_at: '2026-12-04T14:05:00Z' },
        { ...okta, id: 'conn_2', name: LONG, state: 'draft' },
      ],
    },
    directory_sync: {
      state: 'attention' as const,
      directories: [{ ...okta, name: ARABIC, state: 'invalid_credentials' }],
    },
    domain_verification: {
      state: 'in_progress' as const,
      domains: DOMAINS.map(({ name, state }) => ({ domain: name, state })),
    },
    audit_logs: { state: 'unknown' as const, reason: 'not_told_yet' as const },
    log_streams: nothing,
    certificate_renewal: nothing,
    bring_your_own_key: nothing,
  };
  const overview = { ...ASKED, ...SETUP_PAGE, features, steps: [], next: RETURNED.next };
  const profile = { id: 'prof_1', connection_id: 'conn_1', email: 'ada@globex.example' };
  return [
    { name: 'setup', page: setup({ ...overview, asOf: ASKED.until, isCurrent: true }) },
    {
      name: 'setup, not read',
      page: setup({ ...overview, asOf: null, isCurrent: false, next: undefined }),
    },
    { name: 'sign-in test, works', page: signInTest({ ...SETUP_PAGE, profile }) },
    {
      name: 'sign-in test, fails',
      page: signInTest({
        ...SETUP_PAGE,
        error: { reason: 'connection_invalid', said: 'The assertion is not signed.' },
      }),
    },
  ];
};

const problemStates = ({ problem }: LocalPages): PageState[] => {
  const request = { requestId: '0b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9', reloadable: true };
  const fields = ['tenant_id', 'intent', 'return_url'];
  const errors = fields.map((field) => ({ field, code: 'invalid', message: 'is wrong' }));
  return [
    ...PROBLEMS.map((slug) => ({
      name: `problem, ${slug}`,
      page: problem(new Problem(slug, 'No.'), request),
    })),
    {
      name: 'problem, link errors',
      page: problem(new Problem('invalid-request', 'No.', { errors }), request),
    },
  ];
};
