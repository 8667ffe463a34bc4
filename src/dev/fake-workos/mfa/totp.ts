/** One-time codes by time. @see https://www.rfc-editor.org/rfc/rfc6238 and its section 5.3 in RFC 4226 */
import { createHmac, randomBytes } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** The six digits that an authenticator app shows at that moment; the secret is base32. */
export function totpCode(secret: string, at: Date): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / STEP_MS)));
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Also the step before and the one after, since clocks differ. */
export function isTotpCode(secret: string, code: string, at: Date): boolean {
  return [-STEP_MS, 0, STEP_MS].some(
    (drift) => totpCode(secret, new Date(at.getTime() + drift)) === code,
  );
}

/** 160 bits, as RFC 4226 recommends. */
export function newTotpSecret(): string {
  return Array.from(randomBytes(32), (byte) => BASE32.charAt(byte % 32)).join('');
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (digit) => BASE32.indexOf(digit).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
}
