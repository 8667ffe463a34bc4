/** Every page for people in every state that looks different, for the contact sheet and the checks of accessibility. */
import { setupStates, signInTestStates } from './setup-states.ts';
import { ARABIC, ASKED, LONG, type PageState } from './page-samples.ts';
import { mailStates } from './mail-states.ts';
import { Problem, type ProblemSlug } from '../../src/core/problem.ts';
import type { Language } from '../../src/core/languages.ts';
import type { WayBack } from '../../src/http/way-back.ts';
import type { ConfirmView, LocalPages, ReturnedView } from '../../src/pages/pages.ts';

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
  'setup-page-closed',
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

export const pageStates = (pages: LocalPages, language: Language): PageState[] => [
  { name: 'home', page: pages.home() },
  ...confirmStates(pages),
  { name: 'opening', page: pages.opening() },
  ...returnedStates(pages),
  ...setupStates(pages),
  ...signInTestStates(pages),
  ...problemStates(pages),
  ...mailStates(language),
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

const { product, tenantName, userId, until } = ASKED;

/** Where somebody was when WorkOS failed. */
const WAYS_BACK: Readonly<Record<string, WayBack>> = {
  'after a button of the setup page': {
    path: '/setup/launch_1',
    again: { after: 'setup-button', action: '/setup/launch_1', fields: { intent: 'sso' } },
    asked: { product, tenantName, userId, until },
  },
  'after a sign-in test': {
    path: '/setup/launch_1',
    again: { after: 'sign-in-test', action: '/setup/launch_1/sign-in-test?connection=conn_1' },
    asked: { product: LONG, tenantName: ARABIC, userId, until },
  },
  'after the confirm page': {
    again: { after: 'confirm', action: '/launch-portal', fields: { ticket: 'x' } },
    asked: { product, tenantName, userId, until },
  },
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
    ...Object.entries(WAYS_BACK).map(([name, wayBack]) => ({
      name: `problem, ${name}`,
      page: problem(new Problem('upstream-timeout', 'No.'), {
        ...request,
        reloadable: false,
        wayBack,
      }),
    })),
    {
      name: 'problem, link errors',
      page: problem(new Problem('invalid-request', 'No.', { errors }), request),
    },
  ];
};
