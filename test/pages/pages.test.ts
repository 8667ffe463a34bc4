import { describe, expect, it } from '@jest/globals';
import { contrast, textOn } from '../../src/pages/color.ts';
import { INTENTS } from '../../src/core/intents.ts';
import { createPages, type Page, type ReturnView } from '../../src/pages/pages.ts';
import { OUTCOME_TEXT } from '../../src/pages/return-text.ts';
import {
  PROBLEMS,
  Problem,
  type ProblemOptions,
  type ProblemSlug,
} from '../../src/core/problem.ts';

const SLUGS = Object.keys(PROBLEMS) as ProblemSlug[];
const OUTCOMES = Object.keys(OUTCOME_TEXT) as ReturnView['outcome'][];
const HOSTILE = `"><script>alert(1)</script><b x='`;

const pages = createPages({
  brand: { name: 'Acme', logoUrl: 'https://cdn.example/logo.svg', color: '#3b4cca' },
  portalOrigins: ['https://setup.workos.com'],
});
const english = pages.in('en');
const ofRequest = (requestId: string) => ({ requestId, reloadable: true });
const ASKED = { product: 'Billing', userId: 'ada', until: new Date('2026-11-30T14:05:00Z') };
const problem = (slug: ProblemSlug, options?: ProblemOptions): Page =>
  english.problem(new Problem(slug, 'tenant_id: SELECT leaked', options), ofRequest('req-1'));
const returned = (view: Partial<ReturnView> = {}): Page =>
  english.returned({
    ...ASKED,
    tenantName: 'Globex',
    intent: 'sso',
    outcome: 'active',
    items: [],
    next: { url: 'https://app.example/?a=1&b=2', host: 'app.example' },
    setupPage: undefined,
    reloadable: false,
    ...view,
  });
const confirm = (tenantName = 'Globex', ticket = 't-1'): Page =>
  english.confirm({ ...ASKED, tenantName, intent: 'sso', fields: { ticket }, lang: undefined });

/** Returns the text that a person reads. */
const textOf = ({ body }: Page): string =>
  body
    .toString()
    .replace(/<head>.*<\/head>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');

describe('every page', () => {
  const everyPage: [string, Page][] = [
    ...SLUGS.map((slug): [string, Page] => [slug, problem(slug)]),
    ...INTENTS.flatMap((intent) =>
      OUTCOMES.map((outcome): [string, Page] => [
        `${intent} ${outcome}`,
        returned({ intent, outcome }),
      ]),
    ),
    ['opening', english.opening()],
    ...INTENTS.map((intent): [string, Page] => [
      `confirm ${intent}`,
      english.confirm({ ...ASKED, tenantName: 'Globex', intent, fields: {}, lang: undefined }),
    ]),
  ];

  it.each(everyPage)('is readable and accessible: %s', (_name, { body }) => {
    const html = body.toString();

    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toMatch(/^<!doctype html>\n<html lang="en" dir="ltr">/);
    expect(html).toMatch(/<title>[^<]+ · Acme<\/title>/);
    expect(html).toMatch(/<header>.*<main>/s);
    expect(html).toContain('<meta name="viewport"');
    expect(html).toContain('<meta name="robots" content="noindex">');
    expect(html).not.toContain('undefined');
  });

  it.each(everyPage)('needs no script and no inline style: %s', (_name, { headers, body }) => {
    expect(body.toString()).not.toMatch(/<script|<style|\sstyle=|\son\w+=/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
  });

  it.each(everyPage)('never mentions WorkOS: %s', (_name, page) => {
    expect(textOf(page)).not.toMatch(/WorkOS|urn:|_url/i);
  });

  it('may load the stylesheet, the icon and the logo, and nothing else', () => {
    expect(problem('internal').headers['content-security-policy']).toBe(
      "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'self';style-src 'self';img-src 'self' https://cdn.example",
    );
  });

  it('links the stylesheet and the icon by names derived from their content', () => {
    const html = problem('internal').body.toString();

    expect(html).toContain(`href="${pages.stylesheet.path}"`);
    expect(html).toContain(`href="${pages.icon.path}"`);
    expect(pages.stylesheet.path).toMatch(/^\/assets\/gatehouse-[0-9a-f]{12}\.css$/);
  });
});

describe('problem', () => {
  it.each(SLUGS)('renders %s with its status, its reference and no technical term', (slug) => {
    const page = problem(slug);

    expect(page.status).toBe(PROBLEMS[slug].status);
    expect(textOf(page)).toContain('Reference req-1');
    expect(textOf(page)).not.toMatch(/SELECT|tenant|header|upstream|idempot/i);
  });

  it('is the same for every dead link except for the request id', () => {
    const used = english.problem(new Problem('launch-gone', 'It was used.'), ofRequest('req-1'));
    const unknown = english.problem(
      new Problem('launch-gone', 'Never existed.'),
      ofRequest('req-2'),
    );

    expect(used.headers).toEqual(unknown.headers);
    expect(used.body.toString().replace('req-1', 'req-2')).toBe(unknown.body);
  });

  it('tells a person without the role whom to ask', () => {
    expect(textOf(problem('it-admin-required'))).toContain('Ask your IT admin to do it');
  });

  it.each([
    ['launch-gone', 'Go to Acme'],
    ['acting-user-required', 'Go to Acme'],
    ['unknown-client', 'Contact support'],
    ['tenant-not-active', 'Contact support'],
    ['upstream-unavailable', 'Try again'],
    ['navigation-required', 'Try again'],
  ] as const)('begins with the button that its text recommends: %s, %s', (slug, label) => {
    const brand = {
      ...{ name: 'Acme', color: '#3b4cca', logoUrl: undefined },
      ...{ productUrl: 'https://acme.example/', supportUrl: 'https://help.acme.example/' },
    };
    const { body } = createPages({ brand, portalOrigins: [] })
      .in('en')
      .problem(new Problem(slug, 'x'), ofRequest('req-1'));

    const buttons = body.toString().match(/<a class="button.*<\/a>/g) ?? [];
    expect(buttons[0]).toContain('class="button main"');
    expect(buttons[0]?.replaceAll(/<[^>]*>/g, '')).toBe(label);
    expect(buttons.slice(1).join()).not.toContain('main');
  });

  it('tells the engineer who made a link what its parts must be', () => {
    const text = textOf(
      problem('invalid-request', {
        errors: [{ field: 'query.intent', code: 'invalid_value', message: 'no' }],
      }),
    );

    expect(text).toContain('intent must be one of sso, dsync, audit_logs');
  });

  it('shows no text from the URL', () => {
    const errors = [{ field: 'Call 555-0100', code: 'unknown_field', message: 'Call 555-0100' }];

    expect(textOf(problem('invalid-request', { errors }))).not.toContain('555');
  });

  it('escapes the request id', () => {
    const { body } = english.problem(new Problem('internal', 'x'), ofRequest(HOSTILE));

    expect(body).not.toContain('<script');
  });
});

describe('confirm', () => {
  it('posts its fields to /launch-portal, and its CSP allows the redirect to the portal', () => {
    const { headers, body } = confirm();

    expect(body).toContain('<form class="actions" method="post" action="/launch-portal">');
    expect(body).toContain('<input type="hidden" name="ticket" value="t-1">');
    expect(headers['content-security-policy']).toContain(
      "form-action 'self' https://setup.workos.com",
    );
  });

  it('says what will happen, and for which tenant', () => {
    expect(textOf(confirm())).toMatch(/For Globex Set up single sign-on .* Open the Admin Portal/);
  });

  it('escapes a hostile tenant name and ticket', () => {
    const { body } = confirm(HOSTILE, HOSTILE);

    expect(body).not.toMatch(/<script|<b x/);
    expect(body).toContain('&quot;&gt;&lt;script&gt;');
  });
});

describe('returned', () => {
  it.each([
    ['active', 'Single sign-on is set up'],
    ['in_progress', 'Single sign-on is not finished yet'],
    ['nothing', 'Single sign-on is not set up yet'],
    ['not_revealed', 'You are back from the Admin Portal'],
    ['unknown', 'We do not know the result yet'],
  ] as const)('says truthfully what is set up: %s', (outcome, sentence) => {
    expect(textOf(returned({ outcome }))).toContain(sentence);
  });

  it('lists the items that were found with their state as text', () => {
    const items = [
      { name: 'Okta', state: 'linked' },
      { name: HOSTILE, state: 'invalid_credentials' },
      { name: 'Later', state: 'newly_invented' },
    ];
    const page = returned({ items });

    expect(textOf(page)).toContain('Okta Active');
    expect(textOf(page)).toContain('Credentials not accepted');
    expect(textOf(page)).toContain('Later newly invented');
    expect(page.body).not.toContain('<script');
  });

  it('leads on to the product', () => {
    const { body } = returned();

    expect(body).toContain('href="https://app.example/?a=1&amp;b=2"');
    expect(body).toContain('Continue to <bdi>app.example</bdi>');
    expect(body).not.toContain('Check again');
  });

  it('offers to check again, and no link when there is no URL', () => {
    const page = returned({ next: undefined, reloadable: true });

    expect(textOf(page)).toMatch(/Check again .* You can close this page\./);
    expect(textOf(page)).not.toContain('Continue');
  });
});

describe('the stylesheet', () => {
  /** Returns the colours of the light and the dark scheme, by name. */
  const schemesOf = (brand: string): ((name: string) => string)[] => {
    const { body } = createPages({
      brand: { name: 'A', logoUrl: undefined, color: brand },
      portalOrigins: [],
    }).stylesheet;
    return body
      .split('@media (prefers-color-scheme: dark)')
      .map((scheme) => (name) => new RegExp(`--${name}: (#\\w{6});`).exec(scheme)?.[1] ?? '');
  };
  const BRANDS = ['#000000', '#ffffff', '#3b4cca', '#ffd400', '#767676', '#777777', '#e01e5a'];

  it.each(BRANDS)('has readable text on %s, and a visible button edge', (brand) => {
    for (const scheme of schemesOf(brand)) {
      expect(contrast(scheme('on-brand'), brand)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(scheme('brand-edge'), scheme('card'))).toBeGreaterThanOrEqual(3);
    }
  });

  it('has readable text in every colour of both schemes', () => {
    const PAIRS = [
      ['ink', 'card', 4.5],
      ['ink', 'ground', 4.5],
      ['quiet', 'card', 4.5],
      ['quiet', 'ground', 4.5],
      ['good', 'good-ground', 4.5],
      ['waiting', 'waiting-ground', 4.5],
      ['line', 'card', 3],
    ] as const;

    for (const scheme of schemesOf('#3b4cca')) {
      for (const [ink, ground, least] of PAIRS) {
        expect(contrast(scheme(ink), scheme(ground))).toBeGreaterThanOrEqual(least);
      }
    }
  });

  it('prefers white text, and uses black where white lacks contrast', () => {
    expect(['#3b4cca', '#767676', '#777777', '#ffd400'].map(textOn)).toEqual([
      '#ffffff',
      '#ffffff',
      '#000000',
      '#000000',
    ]);
  });
});
