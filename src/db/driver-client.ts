import pg from 'pg';

/**
 * The constructor reads the CA file. The pool calls it in callbacks, where an exception would end the
 * process; this wrapper reports the error from `connect` instead.
 */
export const DriverClient = function (config: pg.ClientConfig): pg.Client {
  try {
    return readingTimes(new pg.Client(config));
  } catch (error) {
    const client = new pg.Client({});
    const connect = (done: (error: unknown) => void) => process.nextTick(done, error);
    return Object.assign(client, { connect });
  }
} as unknown as typeof pg.Client;

/**
 * The driver reads times in one form and takes every other for null, so that a revoked key would pass for
 * a good one. So each session asks for this form, whatever the role or the database has. The value is
 * spelled as Postgres reports it; otherwise PgBouncer would set it again for each transaction.
 */
function readingTimes(client: pg.Client): pg.Client {
  // Not among the driver's types.
  const starting = client as pg.Client & { getStartupConf(): object };
  const parameters = starting.getStartupConf.bind(client);
  starting.getStartupConf = () => ({ ...parameters(), datestyle: 'ISO, MDY' });
  return client;
}
