import { SETTINGS } from '../../config/settings.ts';
import { fault, ok, warning, type Check } from './check.ts';

export const SETTINGS_CHECKS: readonly Check[] = [
  {
    name: 'settings',
    run: ({ problems }) =>
      problems.length === 0
        ? ok(`all ${Object.keys(SETTINGS).length} settings are valid`)
        : problems.map((problem) => fault(problem.replace(/\.\)$/, ')'), 'See docs/settings.md.')),
  },
  {
    name: 'setting names',
    run: ({ mistyped }) =>
      mistyped.length === 0
        ? ok('no variable looks like a mistyped setting')
        : mistyped.map((line) => warning(line, 'Correct the name, or remove the variable.')),
  },
  {
    name: 'certificates',
    run: ({ extraCaFault }) =>
      extraCaFault === undefined
        ? []
        : fault(
            `the file of NODE_EXTRA_CA_CERTS cannot be read (${extraCaFault}), so its authorities are not trusted`,
            'Mount the file, or correct its path in NODE_EXTRA_CA_CERTS.',
          ),
  },
  {
    name: 'environment',
    run({ values, development }) {
      if (development)
        return warning(
          `NODE_ENV is ${String(values.NODE_ENV)}, which allows http on loopback and a derived key`,
          'Leave NODE_ENV unset in production.',
        );
      const key = values.WORKOS_API_KEY?.reveal() ?? '';
      const prefix = values.WORKOS_EXTERNAL_ID_PREFIX ?? '';
      const isTestKey = key.startsWith('sk_test_');
      const contradicts = isTestKey
        ? /prod|live/i.test(prefix)
        : key.startsWith('sk_live_') && /stag|test|dev/i.test(prefix);
      return contradicts
        ? warning(
            `WORKOS_API_KEY is a ${isTestKey ? 'test' : 'live'} key, but the prefix is ${prefix}`,
            'Check that WORKOS_API_KEY and WORKOS_CLIENT_ID are of the environment that WORKOS_EXTERNAL_ID_PREFIX names.',
          )
        : ok('production');
    },
  },
  {
    name: 'client addresses',
    run: ({ values, development }) =>
      values.TRUST_PROXY || development
        ? ok(values.TRUST_PROXY ? 'taken from the proxies in TRUST_PROXY' : 'no proxy is trusted')
        : warning(
            'TRUST_PROXY is not set, so behind a load balancer all browsers share one address, and its limits',
            'Set TRUST_PROXY to the addresses of your load balancer, as CIDRs.',
          ),
  },
];
