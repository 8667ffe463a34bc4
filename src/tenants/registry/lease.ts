/**
 * The lease of a claim, from when it was taken or renewed. Longer than a write to WorkOS takes with
 * its retry (6 s); after it anybody may take the claim over.
 */
export const LEASE = `now() + interval '12 seconds'`;

/**
 * SQL: the claim has a holder. A lease that ends later than any that is taken now is of before the
 * database's clock was set back, and its holder has ended long since.
 */
export const IS_LEASED = `coalesce(lease_until > now() and lease_until < now() + interval '1 minute', false)`;
