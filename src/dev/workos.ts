import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { developmentWorkos } from '../config/config.ts';
import { startFakeWorkos } from './fake-workos/server.ts';

export interface DevelopmentWorkos {
  readonly url: string;
  readonly apiKey: string;
  readonly clientId: string;
  readonly webhookSecret: string;
  stop(): Promise<void>;
}

/** Like at WorkOS, webhooks arrive a few seconds before the event feed lists the event. */
export const FEED_DELAY_MS = 3_000;

/** Starts the fake WorkOS of `gatehouse dev`, or returns the one that runs elsewhere. */
export async function startWorkos(options: {
  readonly port: number;
  readonly host: string;
  readonly directory: string;
  readonly gatehouseUrl: string;
}): Promise<DevelopmentWorkos> {
  const { port, host, directory, gatehouseUrl } = options;
  const elsewhere = developmentWorkos();
  if (elsewhere) return { ...elsewhere, stop: () => Promise.resolve() };
  const webhookSecret = randomBytes(24).toString('base64url');
  const workos = await startFakeWorkos({
    port,
    httpControls: true,
    host,
    url: `http://127.0.0.1:${port}`,
    stateFile: join(directory, 'fake-workos.json'),
    redirectUris: [`${gatehouseUrl}/sso/callback`],
    webhookEndpoints: [{ url: `${gatehouseUrl}/webhooks/workos`, secret: webhookSecret }],
  });
  workos.delayEventFeed(FEED_DELAY_MS);
  const { url, apiKey, clientId } = workos;
  return { url, apiKey, clientId, webhookSecret, stop: () => workos.stop() };
}
