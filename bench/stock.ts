/**
 * A conventional Express app: json, urlencoded, helmet, a log line, passport and zod as middleware,
 * WorkOS's SDK with its default fetch, one INSERT per audit row. Behind that it runs the floor's own
 * handlers, which favours it.
 */
import type { AddressInfo } from 'node:net';
import { WorkOS } from '@workos-inc/node';
import express, { type Request, type RequestHandler } from 'express';
import helmet from 'helmet';
import passport from 'passport';
import { Strategy } from 'passport-strategy';
import { pino } from 'pino';
import { z } from 'zod';
import { Secret } from '../src/core/secret.ts';
import { createTokenSealer } from '../src/core/encryption.ts';
import { singleAudit } from './floor/audit.ts';
import { createAuthorize } from './floor/authorize.ts';
import { openFloorDatabase, type Query } from './floor/database.ts';
import { insertEvents } from './floor/ingest.ts';
import { createLookups, type Lookups } from './floor/lookups.ts';
import type { Post } from './floor/post.ts';
import { createPortalLink } from './floor/portal-link.ts';
import type { FloorOptions } from './floor/handlers.ts';
import { createToken } from './floor/token.ts';
import { answer } from './processes.ts';

const Link = z.strictObject({
  organization: z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/),
  intent: z.enum(['sso', 'dsync', 'audit_logs', 'log_streams', 'domain_verification']),
  return_url: z.url().optional(),
});
const Grant = z.object({ client_id: z.string(), client_secret: z.string(), code: z.string() });
const Login = z.object({ client_id: z.string(), redirect_uri: z.url(), state: z.string() });

class KeyStrategy extends Strategy {
  override authenticate({ headers, body }: Request, { lookups, scope }: KeyOptions): void {
    const { client_secret: secret = '' } = (body ?? {}) as { client_secret?: string };
    const key = headers.authorization?.replace(/^Bearer /, '') ?? secret;
    lookups.clientByKey(key, scope).then(this.success.bind(this), () => this.fail(401));
  }
}
interface KeyOptions {
  readonly lookups: Lookups;
  readonly scope: string;
}

function stockApp({ databaseUrl, workosUrl, issuer, sealingKey, webhookSecret }: FloorOptions) {
  const { hostname: apiHostname, port } = new URL(workosUrl);
  const workos = new WorkOS('sk_bench', { apiHostname, https: false, port: Number(port) });
  const post: Post = async <T>(path: string, body: unknown) =>
    (await workos.post<T>(path, body)).data;
  const query = openFloorDatabase(databaseUrl);
  const lookups = createLookups(query, issuer);
  const sealer = createTokenSealer([new Secret(sealingKey)]);
  const deps = { query, post, lookups, sealer, audit: singleAudit(query) };
  const portalLink = createPortalLink(deps);
  const authorize = createAuthorize(lookups, sealer, workosUrl);
  const token = createToken(deps);
  passport.use('key', new KeyStrategy());
  const key = (scope: string) =>
    passport.authenticate('key', { session: false, lookups, scope } as object) as RequestHandler;

  const app = express().use(logged, helmet());
  // Before the parsers: the signature covers the raw bytes.
  app.post(
    '/webhooks/workos',
    express.raw({ type: '*/*' }),
    receiveWebhook(workos, query, webhookSecret),
  );
  app.use(express.json(), express.urlencoded());
  app.post('/portal/generate_link', key('portal:launch'), async (req, res) => {
    const body = Promise.resolve(Link.parse(req.body));
    res.status(201).json(await portalLink(req.headers, body, crypto.randomUUID()));
  });
  app.get('/sso/authorize', async (req, res) => {
    const { location, ...cookie } = await authorize(
      new URLSearchParams(Login.loose().parse(req.query) as Record<string, string>),
    );
    res.set(cookie).redirect(location);
  });
  app.post('/sso/token', key('sso:login'), async (req, res) => {
    const form = new URLSearchParams(Grant.loose().parse(req.body) as Record<string, string>);
    res.json(await token(Promise.resolve(form), crypto.randomUUID()));
  });
  return app;
}

/** POST /webhooks/workos */
const receiveWebhook =
  (workos: WorkOS, query: Query, secret: string): RequestHandler =>
  async (req, res) => {
    const { id, event, data, createdAt } = await workos.webhooks.constructEvent({
      payload: req.body as Buffer,
      sigHeader: String(req.headers['workos-signature']),
      secret,
    });
    const organization = 'organizationId' in data ? data.organizationId : null;
    const row = { id, event, organization_id: organization, data, created_at: createdAt };
    await insertEvents(query, [row]);
    res.json({ received: true });
  };

const logger = pino({ serializers: pino.stdSerializers });
const logged: RequestHandler = (req, res, next) => {
  res.once('finish', () => logger.info({ req, res }, 'request completed'));
  next();
};

answer({
  listen: (options: FloorOptions) =>
    new Promise((resolve) => {
      const server = stockApp(options).listen(0, '127.0.0.1', () =>
        resolve((server.address() as AddressInfo).port),
      );
    }),
});
