/**
 * A Fastify app with its logger on, its body limits and JSON schemas. Behind that it runs the floor's own
 * handlers with undici and grouped audit rows, which favours it.
 */
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { floorHandlers, type FloorOptions } from './floor/handlers.ts';
import { Refusal } from './floor/refusal.ts';
import { answer } from './processes.ts';

const text = { type: 'string', minLength: 1 } as const;
const LINK = {
  type: 'object',
  required: ['organization', 'intent'],
  additionalProperties: false,
  properties: {
    organization: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$' },
    intent: { enum: ['sso', 'dsync', 'audit_logs', 'log_streams', 'domain_verification'] },
    return_url: { type: 'string', pattern: '^https://' },
  },
};
const LINK_REPLY = { 201: { type: 'object', properties: { link: text } } };
const LOGIN = {
  type: 'object',
  required: ['client_id', 'redirect_uri', 'response_type'],
  properties: { client_id: text, redirect_uri: text, response_type: text },
};
const TICKET = { type: 'object', required: ['ticket'], properties: { ticket: text } };
const RECEIVED = { 200: { type: 'object', properties: { received: { type: 'boolean' } } } };

function fastifyApp(options: FloorOptions): FastifyInstance {
  const { portalLink, launch, authorize, token, ingest } = floorHandlers(options);
  const app = Fastify({ logger: true, bodyLimit: 65_536, genReqId: () => crypto.randomUUID() });
  app.addHook('onSend', (req, reply, _payload, done) => {
    reply.headers({ 'x-request-id': req.id, 'cache-control': 'no-store' });
    done();
  });
  app.setErrorHandler((error, _req, reply) =>
    reply.status(error instanceof Refusal ? error.status : 500).send(),
  );
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_req, body, done) => done(null, new URLSearchParams(body as string)),
  );
  app.post(
    '/portal/generate_link',
    { schema: { body: LINK, response: LINK_REPLY } },
    (req, reply) => {
      reply.status(201);
      return portalLink(req.headers, Promise.resolve(req.body), req.id);
    },
  );
  app.get('/launch-portal', { schema: { querystring: TICKET } }, async (req, reply) =>
    reply.redirect(await launch((req.query as { ticket: string }).ticket, req.id), 303),
  );
  app.get('/sso/authorize', { schema: { querystring: LOGIN } }, async (req, reply) =>
    redirect(reply, await authorize(new URLSearchParams(req.query as Record<string, string>))),
  );
  app.post('/sso/token', (req) => token(Promise.resolve(req.body as URLSearchParams), req.id));
  // In a scope of its own: the signature covers the raw bytes.
  app.register((scope, _options, done) => {
    scope.removeContentTypeParser('application/json');
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_req, body, done) => done(null, body));
    scope.post('/webhooks/workos', { schema: { response: RECEIVED } }, (req) =>
      ingest(req.headers['workos-signature'], Promise.resolve(req.body as Buffer)),
    );
    done();
  });
  return app;
}

const redirect = (reply: FastifyReply, { location, ...headers }: Record<'location', string>) =>
  reply.headers(headers).redirect(location, 302);

answer({
  async listen(options: FloorOptions) {
    const app = fastifyApp(options);
    return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
  },
});
