/** Pages of the sandbox's sites, plain and in Romanian: they are the simulated state's, not the product's. */
import type { FastifyReply } from 'fastify';
import { checkRelayState, messageField, postFormPage, postFormPolicy } from '../saml/index.ts';
import { readingSaml } from './refusal.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML content and attribute values. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (found) => escapes[found] ?? '');

/** Sends a page without scripts; forms may go to the site itself. */
export function sendPage(reply: FastifyReply, title: string, content: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
    .send(
      `<!doctype html><html lang="ro"><meta charset="utf-8"><title>${escapeHtml(title)}</title>` +
        `<h1>${escapeHtml(title)}</h1><p>SIMULARE: acesta nu este un serviciu al statului.</p>${content}</html>\n`,
    );
}

/** Sends the page that takes a SAML message to the other party (saml-bindings-2.0 clause 3.5.4). */
export function sendSamlForm(
  reply: FastifyReply,
  message: {
    readonly action: string;
    readonly field: 'SAMLRequest' | 'SAMLResponse';
    readonly xml: string;
    readonly relayState?: string | undefined;
  },
): FastifyReply {
  const { action, field, xml, relayState } = message;
  if (relayState !== undefined) readingSaml(() => checkRelayState(relayState));
  const fields = {
    [field]: messageField(xml),
    ...(relayState === undefined ? {} : { RelayState: relayState }),
  };
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', postFormPolicy({ action }))
    .send(postFormPage({ action, fields, title: 'SIMULARE', lang: 'ro' }));
}
