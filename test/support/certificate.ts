/** X.509 certificates made on the spot, good and bad ones: fixtures would expire. */
import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

export interface CertificateOptions {
  /** The address it is for. */
  readonly address: readonly [number, number, number, number];
  /** Default: an hour ago to an hour from now. */
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Undefined: it signs itself. */
  readonly issuer?: Certificate;
  /** Whether it may sign others. */
  readonly authority?: true;
}

const HOUR_MS = 3_600_000;
const ISSUER = 'Test authority';

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
export function makeCertificate({
  address,
  notBefore = new Date(Date.now() - HOUR_MS),
  notAfter = new Date(Date.now() + HOUR_MS),
  issuer,
  authority,
}: CertificateOptions): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = authority ? ISSUER : `Test ${address.join('.')}`;
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(Math.floor(Math.random() * 2 ** 31) + 1),
    ECDSA_SHA256,
    name(issuer ? ISSUER : subject),
    sequence(time(notBefore), time(notAfter)),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(
      0xa3,
      sequence(
        extension([0x55, 0x1d, 0x13], sequence(...(authority ? [TRUE] : []))),
        extension([0x55, 0x1d, 0x11], sequence(tagged(0x87, Buffer.from(address)))),
      ),
    ),
  );
  const signer: KeyObject = issuer ? createPrivateKey(issuer.key) : privateKey;
  const signature = tagged(0x03, Buffer.of(0), sign('sha256', body, signer));
  return {
    cert: pem(sequence(body, ECDSA_SHA256, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** DER: a tag, the length of what follows, and what follows. */
function tagged(tag: number, ...content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  const { length } = bytes;
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), bytes]);
}

const sequence = (...items: readonly Buffer[]): Buffer => tagged(0x30, ...items);
const objectId = (...bytes: readonly number[]): Buffer => tagged(0x06, Buffer.from(bytes));
const TRUE = Buffer.of(0x01, 0x01, 0xff);
const ECDSA_SHA256 = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(value, 1);
  const start = bytes.findIndex((byte, at) => byte !== 0 || at === 4);
  return tagged(0x02, bytes.subarray((bytes[start] ?? 0) >= 0x80 ? start - 1 : start));
}

const name = (commonName: string): Buffer =>
  sequence(
    tagged(0x31, sequence(objectId(0x55, 0x04, 0x03), tagged(0x0c, Buffer.from(commonName)))),
  );

const time = (at: Date): Buffer =>
  tagged(0x18, Buffer.from(`${at.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`));

const extension = (id: readonly number[], value: Buffer): Buffer =>
  sequence(objectId(...id), tagged(0x04, value));

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
