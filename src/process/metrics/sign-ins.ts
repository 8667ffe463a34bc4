import { Counter, Gauge, type Registry } from 'prom-client';

/** Logins, the keys of token issuers, and how soon revocations arrive. */
export function signInMetrics(registry: Registry) {
  const registers = [registry];
  const signIns = new Counter({
    name: 'gatehouse_sign_ins_total',
    help: 'Logins by step (callback: the browser comes back from WorkOS; token: the client exchanges its code) and outcome: ok, the problem, or refused_by_idp.',
    labelNames: ['step', 'outcome'],
    registers,
  });
  for (const step of ['callback', 'token']) signIns.inc({ step, outcome: 'ok' }, 0);
  return {
    signIns,
    occurrencesDropped: new Counter({
      name: 'gatehouse_occurrences_dropped_total',
      help: 'Occurrences that are missing in the timelines of tenants, because too many different ones came within a second.',
      registers,
    }),
    keySets: new Counter({
      name: 'gatehouse_key_set_fetches_total',
      help: 'Fetches of issuers’ keys by issuer kind and outcome.',
      labelNames: ['issuer', 'outcome'],
      registers,
    }),
    listening: new Gauge({
      name: 'gatehouse_revocations_listening',
      help: '1 while revocations arrive by LISTEN. At 0 they still take effect within a second.',
      registers,
    }),
  };
}
