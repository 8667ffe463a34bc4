/**
 * SQL: the end of a claim's lease, from when it is taken or renewed. Longer than a write to WorkOS takes
 * with its retry (6 s); after it anybody may take the claim over.
 */
export const LEASE = `now() + interval '12 seconds'`;
