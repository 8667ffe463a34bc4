/** Time-based one-time codes (RFC 6238): six digits, 30 seconds. */
import { Secret, TOTP } from 'otpauth';

/** The code that an authenticator app shows at that time. @param secret base32 */
export function totpCode(secret: string, at: Date): string {
  return totpOf(secret).generate({ timestamp: at.getTime() });
}

/** Also accepts the codes of the previous and the next 30 seconds, because clocks differ. */
export function isTotpCode(secret: string, code: string, at: Date): boolean {
  return totpOf(secret).validate({ token: code, timestamp: at.getTime(), window: 1 }) !== null;
}

/** 160 random bits in base32, as RFC 4226 recommends. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

function totpOf(secret: string): TOTP {
  return new TOTP({ secret: Secret.fromBase32(secret) });
}
