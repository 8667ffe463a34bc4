/**
 * SQL: the lease has a holder. One that ends later than any that is taken now is of before the database's
 * clock was set back, and its holder has ended long since.
 *
 * @param until SQL: the end of the lease; null if there is none
 */
export const isLeased = (until: string): string =>
  `coalesce(${until} > now() and ${until} < now() + interval '1 minute', false)`;
