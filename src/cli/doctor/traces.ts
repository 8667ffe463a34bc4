import { ok, warning, type Check } from './check.ts';
import { explainNetwork, get } from './http.ts';

/** Any answer will do: a collector refuses GET. */
export const TRACES_CHECK: Check = {
  name: 'traces',
  async run({ values }) {
    const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = values;
    if (!endpoint) return [];
    const url = new URL(endpoint);
    try {
      await get(new URL('v1/traces', `${url.href.replace(/\/$/, '')}/`));
      return ok(`the collector at ${url.host} answers`);
    } catch (error) {
      return warning(
        `the collector at ${url.host} cannot be reached, so traces are lost: ${explainNetwork(error)}`,
        `Correct OTEL_EXPORTER_OTLP_ENDPOINT (the HTTP receiver, most often port 4318), or allow connections to ${url.host}.`,
      );
    }
  },
};
