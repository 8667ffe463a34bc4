import { Counter, Gauge, type Registry } from 'prom-client';

/** Logins, the keys of token issuers, and how soon revocations arrive. */
export function signInMetrics(registry: Registry) {
  const registers = [registry];
  return {
    signIns: new Counter({
      name: 'gatehouse_sign_ins_total',
      help: 'Codes exchanged, by outcome: ok, or the problem’s code.',
      labelNames: ['outcome'],
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
