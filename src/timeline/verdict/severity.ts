import type { Facts, Severity, Trouble } from './facts.ts';
import type { Remedy } from './remedies.ts';

/** The operation that ends a login. */
export const LOGIN = 'exchangeSsoCode';

export const loginSucceeded = (successes: Facts['successes']): boolean =>
  successes.some(({ operation }) => operation === LOGIN);

/** The operations of a login, from its beginning to its end. */
export const LOGIN_STEPS = [LOGIN, 'authorizeSso', 'callbackSso', 'authentication.sso_failed'];

/** Steps that a browser takes: anybody can take them, and fail. */
export const isOpenStep = ({ operation }: Pick<Trouble, 'operation'>): boolean =>
  ['authorizeSso', 'callbackSso'].includes(operation);

/** An event of WorkOS, not of a browser. */
const isEvent = ({ operation }: Trouble): boolean => operation === 'authentication.sso_failed';

/** Failures of this many logins are hardly those of one person. */
const SEVERAL = 3;

/** Judges a failure by who can cause it: neither a stranger nor a single person may make a tenant look blocked. */
export function severityOf(
  trouble: Trouble,
  weight: Remedy['weight'],
  { successes }: Facts,
): Severity {
  const worked = loginSucceeded(successes);
  const areSeveral = trouble.count >= SEVERAL;
  if (!isAboutLogins(trouble, weight, successes)) return 'warns';
  if (PROOFS[weight](trouble, { worked, areSeveral })) return 'blocks';
  const isExplained = weight === 'warns' || (weight === 'one_person' && !areSeveral);
  return worked || isExplained ? 'warns' : 'may_block';
}

/** A failure of another operation tells of logins only what they would meet too, and only until one succeeds after it. */
const isAboutLogins = (
  { operation, at }: Trouble,
  weight: Remedy['weight'],
  successes: Facts['successes'],
): boolean =>
  LOGIN_STEPS.includes(operation) ||
  (weight === 'blocks' && !loginSucceeded(successes.filter((success) => success.at > at)));

interface Circumstances {
  /** True if a login succeeded in the period. */
  readonly worked: boolean;
  readonly areSeveral: boolean;
}

/** True if the failure shows that logins are blocked. */
const PROOFS: Readonly<
  Record<Remedy['weight'], (trouble: Trouble, circumstances: Circumstances) => boolean>
> = {
  blocks: (trouble) => !isOpenStep(trouble),
  may_block: (trouble, { worked, areSeveral }) => isEvent(trouble) && (!worked || areSeveral),
  one_person: (trouble, { worked, areSeveral }) => isEvent(trouble) && !worked && areSeveral,
  warns: () => false,
};
