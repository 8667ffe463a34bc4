import { describe, expect, it } from '@jest/globals';
import { featuresOf } from '../../src/setup/features.ts';
import type { Kind } from '../../src/setup/mirror/rows.ts';
import type { MirrorRow } from '../../src/setup/mirror/store.ts';
import { nextSteps } from '../../src/setup/next-steps.ts';
import { STEP_CODES } from '../../src/setup/schemas.ts';
import { stepText } from '../../src/pages/step-text.ts';
import { textsIn } from '../../src/pages/texts/texts.ts';

const NOW = Date.UTC(2030, 0, 10);
const STAMP = '2030-01-01T00:00:00.000Z';

const row = (kind: Kind, data: object, id = `${kind}-1`): MirrorRow => ({
  kind,
  id,
  data: { ...data },
  updatedAt: STAMP,
  deletedAt: null,
});

const connection = (state: string, name = 'Okta') =>
  row('connection', { type: 'OktaSAML', name, state }, name);
const directory = (state: string) =>
  row('directory', { type: 'okta scim v2.0', name: 'People', state });
const domain = (state: string, name: string) => row('domain', { domain: name, state }, name);
const certificate = (day: number) =>
  row('certificate', {
    connection_id: 'Okta',
    expires_at: new Date(Date.UTC(2030, 0, day)).toISOString(),
  });
const signIn = row('sign_in', {}, 'Okta');
const logs = (stream: object | null) =>
  row('audit_log_configuration', { state: 'active', log_stream: stream });

const stepsOf = (rows: readonly MirrorRow[], asOf: Date | null = new Date(NOW)) =>
  nextSteps(featuresOf({ rows, asOf, isFresh: true }, NOW), NOW).map(
    ({ code, intent, ...values }) => [
      code,
      intent,
      stepText({ code, intent, ...values }, textsIn('en')),
    ],
  );

const GOOD = [
  connection('active'),
  signIn,
  directory('active'),
  domain('verified', 'acme.example'),
];

describe('the next steps of a tenant', () => {
  it('are none while nothing is known, and none when everything works', () => {
    expect([stepsOf([], null), stepsOf(GOOD)]).toEqual([[], []]);
  });

  it('begin with single sign-on when nothing is set up', () => {
    expect(stepsOf([]).map(([code, intent]) => [code, intent])).toEqual([
      ['set_up_sso', 'sso'],
      ['add_domain', 'domain_verification'],
      ['set_up_directory_sync', 'dsync'],
    ]);
  });

  it.each([
    [
      'an expired certificate before everything else',
      [connection('active'), certificate(9), directory('invalid_credentials')],
      'renew_expired_certificate',
      'Renew the certificate of Okta: it expired on January 9, 2030, so people may not be able to sign in.',
    ],
    [
      'a certificate that expires soon',
      [...GOOD, certificate(20)],
      'renew_certificate',
      'Renew the certificate of Okta before it expires on January 20, 2030.',
    ],
    [
      'the connection that is not active',
      [connection('inactive', 'Old'), connection('draft', 'New')],
      'repair_sso',
      'Repair the connection Old: it is not active, so nobody can sign in through it.',
    ],
    ['a draft', [connection('draft')], 'finish_sso', 'Finish setting up the connection Okta.'],
    [
      'a connection that nobody has used',
      [connection('active'), directory('active'), domain('verified', 'acme.example')],
      'test_sso',
      'Test Okta: the connection is active, but nobody has signed in through it yet.',
    ],
    [
      'a directory that does not synchronize',
      [...GOOD.slice(0, 2), directory('invalid_credentials')],
      'repair_directory_sync',
      'Repair the directory People: it does not synchronize.',
    ],
    [
      'the domain that failed, not the others',
      [...GOOD, domain('unverified', 'a.example'), domain('failed', 'b.example')],
      'retry_domain_verification',
      'Verify b.example again: its DNS record was not found in time.',
    ],
    [
      'the domain that is not verified yet, not the others',
      [...GOOD, domain('unverified', 'b.example')],
      'finish_domain_verification',
      'Add the DNS record that verifies b.example.',
    ],
    [
      'a log stream that delivers nothing',
      [...GOOD, logs({ type: 'Datadog', state: 'error' })],
      'repair_log_streams',
      'Repair the log stream: it delivers no events.',
    ],
    [
      'a key that could not be verified',
      [...GOOD, row('encryption_key', { verified: false })],
      'repair_encryption_key',
      'Repair your encryption key: it could not be verified.',
    ],
  ])('name %s', (_case, rows, code, text) => {
    const [first] = stepsOf(rows);

    expect([first?.[0], first?.[2]]).toEqual([code, text]);
  });

  it('have a text for every code, which leaves no gap', () => {
    const about = { intent: null, name: 'Okta', expiresAt: new Date('2027-01-30') };
    for (const code of STEP_CODES)
      expect(stepText({ code, ...about }, textsIn('en'))).toMatch(/^[A-Z].*[^ ]\.$/);
  });
});
