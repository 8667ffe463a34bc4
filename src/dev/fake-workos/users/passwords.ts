/** What may be set as a password. The fake keeps none: nobody signs in to it with one. */
import { z } from 'zod';
import { ApiError } from '../http/operation.ts';

export const Passwords = {
  password: z.string().nullish(),
  password_hash: z.string().optional(),
  password_hash_type: z
    .enum(['bcrypt', 'firebase-scrypt', 'ssha', 'scrypt', 'pbkdf2', 'argon2'])
    .optional(),
};
type Passwords = z.infer<z.ZodObject<typeof Passwords>>;

const SHORTEST = 10;
const BCRYPT = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;

/** @throws ApiError 400 `password_strength_error` and others */
export function requirePassword({ password, password_hash: hash, ...given }: Passwords): void {
  const type = given.password_hash_type;
  const isSet = password !== undefined && password !== null;
  if (isSet && hash !== undefined)
    throw refusal('password_and_password_hash_provided', 'Give a password or its hash, not both.');
  if (isSet && type !== undefined)
    throw refusal('password_and_password_hash_type_provided', 'A password has no type of hash.');
  if (isSet) requireStrength(password);
  if (hash === undefined ? type !== undefined : !isHash(hash, type))
    throw refusal('invalid_password_hash', 'The hash is not one of the given type.');
}

function isHash(hash: string, type: Passwords['password_hash_type']): boolean {
  if (type === undefined || hash === '') return false;
  return type !== 'bcrypt' || BCRYPT.test(hash);
}

function requireStrength(password: string): void {
  const short = password.length < SHORTEST;
  if (!short && new Set(password).size > 2) return;
  const error = short
    ? { code: 'password_too_short', message: `A password has ${SHORTEST} characters at least.` }
    : { code: 'password_too_weak', message: 'The password is easy to guess.' };
  throw new ApiError(400, {
    code: 'password_strength_error',
    message: 'Password does not meet strength requirements.',
    errors: [error],
  });
}

function refusal(code: string, message: string): ApiError {
  return new ApiError(400, { code, message });
}
