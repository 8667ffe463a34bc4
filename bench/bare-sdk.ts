/** Baseline without a gateway: a service that calls WorkOS with the official SDK and its default fetch. */
import { WorkOS } from '@workos-inc/node';
import { answer } from './processes.ts';

const CALLERS = 32;

answer({
  async run({ port, amount }: { port: number; amount: number }) {
    const workos = new WorkOS('sk_bench', { apiHostname: '127.0.0.1', https: false, port });
    let left = amount;
    const caller = async () => {
      while (left-- > 0)
        await workos.adminPortal.generateLink({ organization: 'org_1', intent: 'sso' });
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
  },
});
