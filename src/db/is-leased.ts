/**
 * SQL: the lease has a holder. A lease that ends more than a minute from now was taken before the database's clock
 * was set back: no lease is that long. It counts as free, because its holder ended long ago.
 *
 * @param until SQL: the end of the lease; null if there is none
 */
export const isLeased = (until: string): string =>
  `coalesce(${until} > now() and ${until} < now() + interval '1 minute', false)`;
