import { describe, expect, it } from '@jest/globals';
import { totpCode } from '../../src/dev/fake-workos/mfa/totp.ts';
import { useFakeWorkos } from '../support/fake-workos.ts';

const MINUTE = 60_000;
const STEP = 30_000;
const world = useFakeWorkos();

describe('the codes of an authenticator app', () => {
  // The vectors of RFC 6238, appendix B, for SHA-1; the secret is its ASCII text in base32.
  const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238 at %i s', (seconds, code) => {
    expect(totpCode(SECRET, new Date(seconds * 1000))).toBe(code);
  });
});

describe('a factor', () => {
  const enrollTotp = () =>
    world.workos.multiFactorAuth.enrollFactor({
      type: 'totp',
      issuer: 'Acme & Sons',
      user: 'ada@acme.test',
    });

  it('of an authenticator app shows its secret once', async () => {
    const { multiFactorAuth } = world.workos;
    const enrolled = await enrollTotp();
    const { secret, uri, qrCode } = enrolled.totp ?? { secret: '', uri: '', qrCode: '' };
    const found = await multiFactorAuth.getFactor(enrolled.id);

    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(uri).toBe(
      `otpauth://totp/Acme%20%26%20Sons:ada%40acme.test?secret=${secret}&issuer=Acme+%26+Sons`,
    );
    const picture = Buffer.from(qrCode.split(',')[1] ?? '', 'base64').toString();
    expect(qrCode).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(picture.replaceAll(/<[^>]*>/g, '').replaceAll('&amp;', '&')).toBe(uri);
    expect(found).toMatchObject({ type: 'totp', id: enrolled.id });
    expect(JSON.stringify(found)).not.toContain(secret);
    expect(found.totp).toEqual({ issuer: 'Acme & Sons', user: 'ada@acme.test' });
  });

  it('may be a telephone, or anything else', async () => {
    const { multiFactorAuth } = world.workos;
    const sms = await multiFactorAuth.enrollFactor({ type: 'sms', phoneNumber: '+1 555-123-4567' });
    const otp = await multiFactorAuth.enrollFactor({ type: 'generic_otp' });

    expect(sms).toMatchObject({ type: 'sms', sms: { phoneNumber: '+15551234567' } });
    expect(otp).toMatchObject({ type: 'generic_otp' });
    await expect(
      multiFactorAuth.enrollFactor({ type: 'sms', phoneNumber: 'foo' }),
    ).rejects.toMatchObject({ status: 422, code: 'invalid_phone_number' });
  });

  it('is deleted with its challenges', async () => {
    const { multiFactorAuth } = world.workos;
    const { id: authenticationFactorId } = await enrollTotp();
    const { id } = await multiFactorAuth.challengeFactor({ authenticationFactorId });
    await multiFactorAuth.deleteFactor(authenticationFactorId);

    await expect(multiFactorAuth.getFactor(authenticationFactorId)).rejects.toMatchObject({
      status: 404,
    });
    await expect(
      multiFactorAuth.verifyChallenge({ authenticationChallengeId: id, code: '1' }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    [-STEP, true],
    [0, true],
    [STEP, true],
    [2 * STEP, false],
    [-2 * STEP, false],
  ])('takes the code of the app at %i ms: %s', async (drift, valid) => {
    const { multiFactorAuth } = world.workos;
    const { id: authenticationFactorId, totp } = await enrollTotp();
    const challenge = await multiFactorAuth.challengeFactor({ authenticationFactorId });
    const code = totpCode(totp?.secret ?? '', new Date(world.clock.getTime() + drift));
    const answer = await multiFactorAuth.verifyChallenge({
      authenticationChallengeId: challenge.id,
      code,
    });

    expect(challenge.expiresAt).toBeUndefined();
    expect(answer).toMatchObject({
      valid,
      challenge: { id: challenge.id, authenticationFactorId },
    });
  });
});

describe('a challenge', () => {
  async function challengeOf(smsTemplate?: string) {
    const { multiFactorAuth } = world.workos;
    const { id: authenticationFactorId } = await multiFactorAuth.enrollFactor({
      type: 'sms',
      phoneNumber: '+15551234567',
    });
    return multiFactorAuth.challengeFactor({
      authenticationFactorId,
      ...(smsTemplate !== undefined && { smsTemplate }),
    });
  }
  const answer = (id: string, code: string) =>
    world.workos.multiFactorAuth.verifyChallenge({ authenticationChallengeId: id, code });

  it('by text message does not return its code', async () => {
    const challenge = await challengeOf('{{code}} is your code for Acme');
    const { phoneNumber, text, code } = world.fake.smsOf(challenge.id);

    expect(challenge.code).toBeUndefined();
    expect(phoneNumber).toBe('+15551234567');
    expect(code).toMatch(/^\d{6}$/);
    expect(text).toBe(`${code} is your code for Acme`);
    expect((await answer(challenge.id, code)).valid).toBe(true);
  });

  it('of a generic factor returns its code', async () => {
    const { multiFactorAuth } = world.workos;
    const { id } = await multiFactorAuth.enrollFactor({ type: 'generic_otp' });
    const challenge = await multiFactorAuth.challengeFactor({ authenticationFactorId: id });
    const verified = await answer(challenge.id, challenge.code ?? '');

    expect(challenge.code).toMatch(/^\d{6}$/);
    expect(verified.valid).toBe(true);
    expect(verified.challenge.code).toBeUndefined();
    expect(() => world.fake.smsOf(challenge.id)).toThrow('No text message');
  });

  it('is answered once', async () => {
    const { id } = await challengeOf();
    const { code } = world.fake.smsOf(id);
    await answer(id, code);

    await expect(answer(id, code)).rejects.toMatchObject({
      status: 422,
      code: 'authentication_challenge_previously_verified',
    });
  });

  it('expires after ten minutes', async () => {
    const { id, expiresAt } = await challengeOf();
    const { code } = world.fake.smsOf(id);
    world.pass(10 * MINUTE);

    expect(expiresAt).toBe('2026-11-22T12:10:00.000Z');
    await expect(answer(id, code)).rejects.toMatchObject({
      status: 422,
      code: 'authentication_challenge_expired',
    });
  });

  it('accepts no code after five wrong ones, not even the right one', async () => {
    const { id } = await challengeOf();
    const { code } = world.fake.smsOf(id);
    const wrong: boolean[] = [];
    for (let attempt = 0; attempt < 5; attempt++) wrong.push((await answer(id, 'wrong')).valid);

    expect(wrong).toEqual([false, false, false, false, false]);
    await expect(answer(id, code)).rejects.toMatchObject({
      status: 400,
      code: 'one_time_code_too_many_attempts',
    });
  });
});
