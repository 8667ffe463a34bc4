/** A self-signed X.509 certificate, since every key of WorkOS's JWKS comes with one. */
import { randomBytes, sign, type KeyObject } from 'node:crypto';

const [INTEGER, BIT_STRING, NULL, OID, UTF8, UTC_TIME] = [0x02, 0x03, 0x05, 0x06, 0x0c, 0x17];
const [SEQUENCE, SET, VERSION] = [0x30, 0x31, 0xa0];

const SHA256_WITH_RSA = der(
  SEQUENCE,
  der(OID, Buffer.from('2a864886f70d01010b', 'hex')),
  der(NULL),
);
const COMMON_NAME = der(OID, Buffer.from('550403', 'hex'));

/** Valid for ten years. @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
export function selfSigned(
  name: string,
  from: Date,
  { privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject },
): Buffer {
  const subject = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, Buffer.from(name)))));
  const until = new Date(from);
  until.setUTCFullYear(from.getUTCFullYear() + 10);
  const content = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    SHA256_WITH_RSA,
    subject,
    der(SEQUENCE, utcTime(from), utcTime(until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', content, privateKey);
  return der(
    SEQUENCE,
    content,
    SHA256_WITH_RSA,
    der(BIT_STRING, Buffer.concat([Buffer.from([0]), signature])),
  );
}

function utcTime(at: Date): Buffer {
  const digits = at.toISOString().slice(2, 19).replace(/\D/g, '');
  return der(UTC_TIME, Buffer.from(`${digits}Z`));
}

/** One value of ASN.1's distinguished encoding. */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const size = Buffer.from(content.length.toString(16).padStart(4, '0'), 'hex');
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, ...size];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
