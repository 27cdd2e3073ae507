import type { FastifyInstance } from 'fastify';

/**
 * Answers what no route of a site answers, before its body is read: 405 with `Allow` where only the method is wrong
 * (RFC 9110, clause 15.5.6), else 404. To be called before the routes are added; an address with parameters is
 * always answered with 404.
 */
export function answerUnknown(app: FastifyInstance): void {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set();
    for (const one of [method].flat()) known.add(one);
    methods.set(url, known);
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    const known = methods.get(request.url.split('?')[0] ?? '');
    if (known === undefined) return reply.code(404).send({ error: 'not-found' });
    return reply
      .code(405)
      .header('allow', [...known].join(', '))
      .send({ error: 'method-not-allowed' });
  });
}
