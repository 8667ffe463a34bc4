/** Input of user create and update, and the rules for applying it. */
import { z } from 'zod';
import { ApiError } from '../http/operation.ts';
import { mergeMetadata } from '../http/validation.ts';
import { Passwords, requirePassword } from './passwords.ts';
import type { User } from '../state/users.ts';
import type { World } from '../state/world.ts';

const Common = {
  name: z.string().nullish(),
  email_verified: z.boolean().nullish(),
  metadata: z.unknown().optional(),
  external_id: z
    .string()
    .max(128)
    .regex(/^\p{ASCII}+$/u)
    .nullish(),
  ...Passwords,
};
export const CreateUser = z.object({
  email: z.string(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  ip_address: z.string().nullish(),
  user_agent: z.string().nullish(),
  signals_id: z.string().optional(),
  ...Common,
});
export const UpdateUser = z.object({
  email: z.string().optional(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  locale: z.string().nullish(),
  ...Common,
});
/** Input of create or update. */
export type UserInput = Partial<z.infer<typeof CreateUser>> & {
  locale?: string | null | undefined;
};

/** Problem with the e-mail or external_id. WorkOS nests it in another error on create, but not on update. */
export interface Conflict {
  code: 'invalid_email' | 'email_not_available' | 'external_id_already_used';
  message: string;
}

/** Returns undefined when there is no conflict. */
export function conflictOf(
  { state }: World,
  userId: string,
  input: UserInput,
): Conflict | undefined {
  const others = [...state.users.values()].filter(({ id }) => id !== userId);
  const { email, external_id } = input;
  if (email !== undefined && !z.email().safeParse(email).success)
    return { code: 'invalid_email', message: `The email '${email}' is invalid.` };
  if (email !== undefined && others.some((other) => isSameEmail(other.email, email)))
    return { code: 'email_not_available', message: 'This email is not available.' };
  if (external_id && others.some((other) => other.external_id === external_id))
    return {
      code: 'external_id_already_used',
      message: `The external_id '${external_id}' is already used by another user.`,
    };
  return undefined;
}

/**
 * Returns the changed user without storing it.
 * @throws ApiError 400
 */
export function withChanges(user: User, input: UserInput): User {
  requirePassword(input);
  requireLocale(input.locale);
  const { email, name, first_name, last_name, external_id, locale } = input;
  const given = { email, name, first_name, last_name, external_id, locale };
  const changes = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    ...user,
    ...Object.fromEntries(changes),
    email_verified: input.email_verified ?? user.email_verified,
    metadata: mergeMetadata(user.metadata, input.metadata),
  };
}

/** Compares e-mail addresses case-insensitively. */
export function isSameEmail(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function requireLocale(locale: string | null | undefined): void {
  try {
    if (locale !== null && locale !== undefined) Intl.getCanonicalLocales(locale);
  } catch {
    throw new ApiError(400, {
      code: 'invalid_locale',
      message: `The locale '${String(locale)}' is invalid.`,
    });
  }
}
