/** A service that calls the gateway as docs/siblings.md shows: the official SDK on the fetch of `gatehouse-client/sdk-fetch`. */
import { WorkOS } from '@workos-inc/node';
import { withUserToken } from '../client/acting-user.js';
import { sdkFetch } from '../client/sdk-fetch.js';
import { answer } from './processes.ts';

/** A portal link that an acting user asks for. */
export interface SiblingCall {
  readonly userToken: string;
  readonly link: Parameters<WorkOS['adminPortal']['generateLink']>[0];
}

export interface SiblingRun {
  readonly port: number;
  readonly key: string;
  /** Made in turn. */
  readonly calls: readonly SiblingCall[];
  readonly amount: number;
  readonly callers: number;
}

answer({
  async run({ port, key, calls, amount, callers }: SiblingRun) {
    const options = { apiHostname: '127.0.0.1', https: false, port, fetchFn: sdkFetch };
    const workos = new WorkOS(key, options);
    let left = amount;
    const caller = async () => {
      while (left-- > 0) {
        const call = calls[left % calls.length];
        if (call)
          await withUserToken(call.userToken, () => workos.adminPortal.generateLink(call.link));
      }
    };
    await Promise.all(Array.from({ length: callers }, caller));
  },
});
