import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { compactDecrypt, CompactEncrypt, decodeProtectedHeader } from 'jose';
import { hkdfSync } from 'node:crypto';
import { Secret } from '../../src/core/secret.ts';
import {
  createTokenSealer,
  createSecretEncryption,
  type TokenKind,
} from '../../src/core/encryption.ts';

const KINDS: readonly TokenKind[] = ['state', 'flow', 'code', 'access', 'logout'];
const NOW = 1_800_000_000;

const newKey = () => new Secret(randomBytes(32).toString('base64'));
const KEY = newKey();
const sealer = createTokenSealer([KEY], () => NOW);
const at = (seconds: number, keys = [KEY]) => createTokenSealer(keys, () => NOW + seconds);
const sealed = sealer.seal('code', { client: 'shop' }, 600);

/** The key of a kind, derived by hand. */
const keyOf = (kind: TokenKind) =>
  new Uint8Array(
    hkdfSync('sha256', Buffer.from(KEY.reveal(), 'base64'), '', `gatehouse ${kind}`, 32),
  );

describe('a sealed token', () => {
  it('decrypts to the payload with its issue and expiry times', () => {
    expect(sealer.open('code', sealed)).toEqual({ client: 'shop', iat: NOW, exp: NOW + 600 });
  });

  it('is a compact JWE that jose opens', async () => {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, keyOf('code'));

    expect(JSON.parse(new TextDecoder().decode(plaintext))).toMatchObject({ client: 'shop' });
    expect(protectedHeader).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      typ: 'gatehouse-code',
      kid: expect.stringMatching(/^[\w-]{8}$/),
    });
  });

  it('can be created by jose', async () => {
    const payload = { client: 'shop', iat: NOW, exp: NOW + 1, name: 'Zoë 🔑' };
    const header = decodeProtectedHeader(sealed) as { alg: string; enc: string };
    const token = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader(header)
      .encrypt(keyOf('code'));

    expect(sealer.open('code', token)).toEqual(payload);
  });

  it('differs each time', () => {
    expect(sealer.seal('code', { client: 'shop' }, 600)).not.toBe(sealed);
  });

  it('reveals nothing of its payload', () => {
    const bytes = sealed
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'));

    expect(bytes.join()).not.toContain('shop');
  });

  it.each(KINDS.flatMap((made) => KINDS.map((opened) => [made, opened] as const)))(
    'made as %s opens as %s only if that is the same',
    (made, opened) => {
      const token = sealer.seal(made, { client: 'shop' }, 600);

      expect(sealer.open(opened, token) !== undefined).toBe(made === opened);
    },
  );

  it('opens until the last second', () => {
    expect(at(599).open('code', sealed)).toBeDefined();
    expect(at(600).open('code', sealed)).toBeUndefined();
  });

  it('is accepted by a clock up to 120 s behind', () => {
    expect(at(-120).open('code', sealed)).toBeDefined();
    expect(at(-121).open('code', sealed)).toBeUndefined();
  });
});

describe('a rotated key', () => {
  const next = newKey();

  it('encrypts as the first key, while the previous one still decrypts', () => {
    const rotated = createTokenSealer([next, KEY], () => NOW);

    expect(rotated.open('code', sealed)).toBeDefined();
    expect(sealer.open('code', rotated.seal('code', {}, 600))).toBeUndefined();
  });

  it('no longer decrypts once it is removed', () => {
    expect(at(0, [next]).open('code', sealed)).toBeUndefined();
  });
});

describe('a tampered token', () => {
  const [header = '', , nonce = '', text = '', tag = ''] = sealed.split('.');
  const flip = (part: string, index: number) =>
    part.slice(0, index) + (part[index] === 'A' ? 'B' : 'A') + part.slice(index + 1);
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const headerWith = (change: object) => encode({ ...decodeProtectedHeader(sealed), ...change });
  /** The last of 22 characters holds 2 bits only: others spell the same bytes. */
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const respelled = tag.slice(0, -1) + (ALPHABET[ALPHABET.indexOf(tag.slice(-1)) + 1] ?? '');

  it.each([
    ['empty', ''],
    ['dots alone', '....'],
    ['of text', 'code'],
    ['with another tag', [header, '', nonce, text, flip(tag, 0)].join('.')],
    ['with another text', [header, '', nonce, flip(text, 3), tag].join('.')],
    ['with another nonce', [header, '', flip(nonce, 0), text, tag].join('.')],
    ['with another spelling of its tag', [header, '', nonce, text, respelled].join('.')],
    ['with padding', `${sealed}==`],
    ['with a sixth part', `${sealed}.`],
    ['with an encrypted key', [header, 'AAAA', nonce, text, tag].join('.')],
    ['with white space', ` ${sealed}`],
    ['without its tag', [header, '', nonce, text, ''].join('.')],
    ['with a tag cut short', [header, '', nonce, text, tag.slice(0, 6)].join('.')],
    ['without its text', [header, '', nonce, '', tag].join('.')],
    ['of another algorithm', [headerWith({ alg: 'none' }), '', nonce, text, tag].join('.')],
    ['of another cipher', [headerWith({ enc: 'A128GCM' }), '', nonce, text, tag].join('.')],
    ['of another kind', [headerWith({ typ: 'gatehouse-state' }), '', nonce, text, tag].join('.')],
    ['of another key', [headerWith({ kid: 'AAAAAAAA' }), '', nonce, text, tag].join('.')],
    ['that asks to be unzipped', [headerWith({ zip: 'DEF' }), '', nonce, text, tag].join('.')],
    ['whose header is no JSON', ['AAAA', '', nonce, text, tag].join('.')],
    ['of 20 KB', [header, '', nonce, 'A'.repeat(20_000), tag].join('.')],
  ])('%s does not open', (_what, token) => {
    expect(sealer.open('code', token)).toBeUndefined();
  });

  it('signed instead of sealed does not open', () => {
    const claims = encode({ client: 'shop', iat: NOW, exp: NOW + 600 });

    expect(sealer.open('code', `${encode({ alg: 'none' })}.${claims}.`)).toBeUndefined();
  });
});

describe('the encryption of stored secrets', () => {
  const next = newKey();
  const secret = new Secret('whsec_c2VjcmV0');
  const kept = createSecretEncryption([KEY], 'webhook').encrypt(secret);

  it('decrypts to the secret, and reveals nothing of it', () => {
    expect(createSecretEncryption([KEY], 'webhook').decrypt(kept)?.reveal()).toBe('whsec_c2VjcmV0');
    expect(Buffer.from(kept.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain(
      'whsec_',
    );
  });

  it('decrypts with any key, and tells which values the first key encrypted', () => {
    const rotated = createSecretEncryption([next, KEY], 'webhook');
    const resealed = rotated.encrypt(secret);

    expect(rotated.decrypt(kept)?.reveal()).toBe('whsec_c2VjcmV0');
    expect([rotated.isCurrent(kept), rotated.isCurrent(resealed)]).toEqual([false, true]);
    expect(createSecretEncryption([next], 'webhook').decrypt(kept)).toBeUndefined();
  });

  it.each(KINDS)('cannot decrypt a token sealed as %s, or the reverse', (kind) => {
    const token = sealer.seal(kind, { client: 'shop' }, 600);

    expect(createSecretEncryption([KEY], 'webhook').decrypt(token)).toBeUndefined();
    expect(sealer.open(kind, kept)).toBeUndefined();
  });
});
