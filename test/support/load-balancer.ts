/** Several replicas behind one address, as a load balancer would share requests out among them. */
import { createCaller, type Caller } from './http-caller.ts';

export function createLoadBalancer(urls: readonly string[], connections: number): Caller {
  const [first, ...others] = urls.map((url) => createCaller(url, connections));
  if (!first) throw new Error('There is no replica.');
  const waiting = [first, ...others];
  return {
    send(call) {
      const next = waiting.shift() ?? first;
      waiting.push(next);
      return next.send(call);
    },
    close: async () => {
      await Promise.all(waiting.map((caller) => caller.close()));
    },
  };
}
