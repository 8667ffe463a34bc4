/**
 * SQL: a message that is looked up by its key has not been delivered or given up. `is true` keeps Postgres from
 * reading all waiting messages of the endpoint by their own index: while its statistics are older than a backlog,
 * it expects hardly any.
 */
export const isPending = (message: string): string => `(${message}.state = 'pending') is true`;
