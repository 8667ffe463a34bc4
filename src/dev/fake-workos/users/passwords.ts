/** Checks passwords and password hashes. The fake stores none, because it has no password sign-in. */
import { z } from 'zod';
import { ApiError } from '../http/operation.ts';

export const Passwords = {
  password: z.string().nullish(),
  password_hash: z.string().optional(),
  password_hash_type: z
    .enum(['bcrypt', 'firebase-scrypt', 'ssha', 'ssha256', 'scrypt', 'pbkdf2', 'argon2'])
    .optional(),
  password_salt_position: z.enum(['prefix', 'suffix']).optional(),
};
type Passwords = z.infer<z.ZodObject<typeof Passwords>>;

const MIN_LENGTH = 10;
const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;

/** @throws ApiError 400 `password_strength_error` and others */
export function requirePassword({ password, password_hash: hash, ...given }: Passwords): void {
  const type = given.password_hash_type;
  const isSet = password !== undefined && password !== null;
  if (isSet && hash !== undefined)
    throw badRequest(
      'password_and_password_hash_provided',
      'Give a password or its hash, not both.',
    );
  if (isSet && type !== undefined)
    throw badRequest(
      'password_and_password_hash_type_provided',
      'A password cannot have a hash type.',
    );
  if (isSet) requireStrength(password);
  if (hash === undefined ? type !== undefined : !isHash(hash, type))
    throw badRequest('invalid_password_hash', 'The hash does not match the given type.');
}

function isHash(hash: string, type: Passwords['password_hash_type']): boolean {
  if (type === undefined || hash === '') return false;
  return type !== 'bcrypt' || BCRYPT.test(hash);
}

function requireStrength(password: string): void {
  const short = password.length < MIN_LENGTH;
  if (!short && new Set(password).size > 2) return;
  const error = short
    ? { code: 'password_too_short', message: `A password needs at least ${MIN_LENGTH} characters.` }
    : { code: 'password_too_weak', message: 'The password is easy to guess.' };
  throw new ApiError(400, {
    code: 'password_strength_error',
    message: 'Password does not meet strength requirements.',
    errors: [error],
  });
}

function badRequest(code: string, message: string): ApiError {
  return new ApiError(400, { code, message });
}
