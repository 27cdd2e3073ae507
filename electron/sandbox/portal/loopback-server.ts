import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import type { SandboxAuthority } from '../pki/authority.ts';
import { RequestRefused } from './refusal.ts';
import { answerUnknown } from './unknown-request.ts';

/** A site of the sandbox: an HTTPS server on loopback under a name of its own. */
export interface LoopbackServer {
  readonly app: FastifyInstance;
  /** Opens a free port and returns the site's origin. */
  listen(): Promise<string>;
  /** Connections that are open now. */
  readonly connections: number;
  /** Closes it with all connections, also those half open. Idempotent. */
  stop(): Promise<void>;
}

/** The only address the sandbox listens at. */
const address = '127.0.0.1';

/**
 * Prepares a site with a certificate of the sandbox's authority.
 * @param options `name`: name of this computer in the site's address and certificate
 */
export async function createLoopbackServer(options: {
  readonly authority: SandboxAuthority;
  readonly name: 'localhost' | '127.0.0.1';
}): Promise<LoopbackServer> {
  const { authority, name } = options;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = new X509Certificate(await authority.issueServer({ names: [name], publicKey }));
  const app = Fastify({
    https: {
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      cert: `${certificate.toString()}${authority.issuing.pem}`,
      minVersion: 'TLSv1.2',
    },
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
  }) as unknown as FastifyInstance;
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    // A SAML message with its certificate, in base64 and then percent-encoded.
    { parseAs: 'string', bodyLimit: 256 * 1024 },
    (_request, body, done) => {
      const fields = [...new URLSearchParams(body as string)];
      const isClear = new Set(fields.map(([name]) => name)).size === fields.length;
      if (isClear) done(null, Object.fromEntries(fields));
      else done(new RequestRefused(400, 'bad-request'));
    },
  );
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // Somebody who hangs up, or does not trust us, is no business of the process.
  app.server.on('tlsClientError', () => {});
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
  });
  answerUnknown(app);
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof RequestRefused) {
      const { status, error: name, reason } = error;
      return reply.code(status).send({ error: name, ...(reason === undefined ? {} : { reason }) });
    }
    const { statusCode } = error as { statusCode?: number };
    const status = statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
    return reply.code(status).send({ error: status === 500 ? 'internal' : 'bad-request' });
  });
  return {
    app,
    async listen() {
      await app.listen({ host: address, port: 0 });
      const { port } = app.server.address() as AddressInfo;
      return `https://${name}:${port}`;
    },
    get connections() {
      return sockets.size;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await app.close();
    },
  };
}
