/** Signatures of deliveries in both directions, checked by the libraries that clients use. */
import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import { Webhook } from 'standardwebhooks';
import { Problem } from '../../src/core/problem.ts';
import { Secret } from '../../src/core/secret.ts';
import { createSignatureCheck } from '../../src/events/intake/signature.ts';
import { newSecret, signedHeaders } from '../../src/webhooks/signatures.ts';

const NOW = Date.now();
const BODY = JSON.stringify({ id: 'event_1', event: 'connection.activated', data: { id: 'ł' } });

describe('a delivery to a client', () => {
  let old: Secret;
  let current: Secret;
  let headers: Record<string, string>;
  beforeEach(() => {
    [old, current] = [newSecret(), newSecret()];
    headers = signedHeaders({ id: 'event_1', body: BODY }, [current, old], NOW);
  });
  const workos = (header: string | undefined, secret: Secret, body = BODY) =>
    new WorkOS('sk_test').webhooks.constructEvent({
      payload: JSON.parse(body) as Record<string, unknown>,
      sigHeader: header ?? '',
      secret: secret.reveal(),
    });

  it('has a secret of 256 random bits, in the form of Standard Webhooks', () => {
    expect(current.reveal()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(current.reveal()).not.toBe(old.reveal());
  });

  it.each([
    ['the newest secret', () => current],
    ['the secret before', () => old],
  ])('is accepted by Standard Webhooks’ library with %s', (_which, secretOf) => {
    const secret = secretOf();
    expect(new Webhook(secret.reveal()).verify(BODY, headers)).toEqual(JSON.parse(BODY));
    expect(() => new Webhook(secret.reveal()).verify(`${BODY} `, headers)).toThrow('signature');
    expect(() => new Webhook(newSecret().reveal()).verify(BODY, headers)).toThrow('signature');
  });

  it('is accepted by WorkOS’s SDK with the newest secret', async () => {
    await expect(workos(headers['workos-signature'], current)).resolves.toMatchObject({
      id: 'event_1',
    });
    await expect(workos(headers['workos-signature'], newSecret())).rejects.toThrow('Signature');
  });

  it('says who signed what and when, in both forms', () => {
    const hex = (secret: Secret) =>
      createHmac('sha256', secret.reveal()).update(`${NOW}.${BODY}`).digest('hex');

    expect(headers['workos-signature']).toBe(`t=${NOW}, v1=${hex(current)}`);
    expect(headers['webhook-id']).toBe('event_1');
    expect(headers['webhook-timestamp']).toBe(String(Math.floor(NOW / 1_000)));
    expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/=]{44} v1,[A-Za-z0-9+/=]{44}$/);
  });
});

describe('a delivery of WorkOS', () => {
  const SECRETS = ['old-secret', 'new-secret'].map((text) => new Secret(text));
  const check = createSignatureCheck(SECRETS, () => NOW);
  const bytes = Buffer.from(BODY);
  const sign = (t: number | string = NOW, secret = 'new-secret') =>
    createHmac('sha256', secret).update(`${t}.`).update(bytes).digest('hex');
  const refusalOf = (header: string | undefined, body = bytes, checking = check): string => {
    try {
      checking.requireSigned(header, body);
    } catch (error) {
      if (error instanceof Problem && error.slug === 'invalid-signature') return error.message;
      throw error;
    }
    return 'accepted';
  };

  const FORGED = 'f'.repeat(64);
  const NO_TIME = 'WorkOS-Signature: must have one t, in whole milliseconds.';
  const NO_SIGNATURE = 'WorkOS-Signature: must have 1 to 8 v1, in hex.';
  const NOT_NOW = 'WorkOS-Signature: its time is more than three minutes from now.';
  const MISMATCH = 'WorkOS-Signature: does not match this body.';

  it.each([
    ['of the newest secret', `t=${NOW}, v1=${sign()}`],
    ['of the secret before', `t=${NOW}, v1=${sign(NOW, 'old-secret')}`],
    ['in another order, without spaces', `v1=${sign()},t=${NOW}`],
    ['in upper case', `t=${NOW}, v1=${sign().toUpperCase()}`],
    ['beside another one and another scheme', `t=${NOW}, v0=x, v1=${FORGED}, v1=${sign()}`],
    ['beside one that is no hex', `t=${NOW}, v1=x, v1=${sign()}`],
    ['as the last of eight', `t=${NOW}, ${`v1=${FORGED}, `.repeat(7)}v1=${sign()}`],
    ['three minutes old', `t=${NOW - 180_000}, v1=${sign(NOW - 180_000)}`],
    ['three minutes ahead', `t=${NOW + 180_000}, v1=${sign(NOW + 180_000)}`],
  ])('is accepted with a signature %s', (_which, header) => {
    expect(refusalOf(header)).toBe('accepted');
  });

  it.each([
    ['no header', undefined, NO_TIME],
    ['an empty header', '', NO_TIME],
    ['no time', `v1=${sign()}`, NO_TIME],
    ['two times', `t=${NOW}, t=${NOW}, v1=${sign()}`, NO_TIME],
    ['a time in seconds', `t=${Math.floor(NOW / 1_000)}, v1=${sign()}`, NO_TIME],
    ['a time of 14 digits', `t=${NOW}0, v1=${sign(`${NOW}0`)}`, NO_TIME],
    ['a time that begins with 0', `t=0${NOW}, v1=${sign(`0${NOW}`)}`, NO_TIME],
    ['a time that begins with another sign', `t=+${NOW}, v1=${sign(`+${NOW}`)}`, NO_TIME],
    ['a time with a fraction', `t=${NOW}.5, v1=${sign(`${NOW}.5`)}`, NO_TIME],
    ['no signature', `t=${NOW}`, NO_SIGNATURE],
    ['only another parameter', 'x=1', NO_TIME],
    ['an empty signature', `t=${NOW}, v1=`, NO_SIGNATURE],
    ['a signature under another name', `t=${NOW}, v2=${sign()}`, NO_SIGNATURE],
    ['a signature that is too long', `t=${NOW}, v1=${sign()}0`, NO_SIGNATURE],
    ['a signature behind other text', `t=${NOW}, v1=0${sign()}`, NO_SIGNATURE],
    ['a signature that is no hex', `t=${NOW}, v1=${'g'.repeat(64)}`, NO_SIGNATURE],
    ['nine signatures', `t=${NOW}, ${`v1=${FORGED}, `.repeat(8)}v1=${sign()}`, NO_SIGNATURE],
    ['a time too long ago', `t=${NOW - 180_001}, v1=${sign(NOW - 180_001)}`, NOT_NOW],
    ['a time too far ahead', `t=${NOW + 180_001}, v1=${sign(NOW + 180_001)}`, NOT_NOW],
    ['a forged signature', `t=${NOW}, v1=${FORGED}`, MISMATCH],
    ['a signature of another secret', `t=${NOW}, v1=${sign(NOW, 'other')}`, MISMATCH],
    ['a signature of another time', `t=${NOW - 1}, v1=${sign()}`, MISMATCH],
  ])('is refused with %s', (_which, header, text) => {
    expect(refusalOf(header)).toBe(text);
  });

  it('is refused with the signature of another body', () => {
    const header = `t=${NOW}, v1=${sign()}`;
    expect(refusalOf(header, Buffer.from(`${BODY} `))).toBe(MISMATCH);
  });

  it('is refused while no secret is set', () => {
    const header = `t=${NOW}, v1=${sign(NOW, '')}`;
    expect(
      refusalOf(
        header,
        bytes,
        createSignatureCheck([], () => NOW),
      ),
    ).toBe('WORKOS_WEBHOOK_SECRETS is not set, so no delivery can be verified.');
  });

  it('is refused by its header alone before its body is read', () => {
    expect(() => check.requireCurrent(undefined)).toThrow(NO_TIME);
    expect(() => check.requireCurrent(`t=${NOW}, v1=${FORGED}`)).not.toThrow();
  });

  it('is measured against the machine’s clock', () => {
    const today = Date.now();
    expect(refusalOf(`t=${today}, v1=${sign(today)}`, bytes, createSignatureCheck(SECRETS))).toBe(
      'accepted',
    );
  });
});
