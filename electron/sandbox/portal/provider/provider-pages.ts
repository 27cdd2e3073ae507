/** The identity provider's own pages. */
import type { FastifyReply } from 'fastify';
import { escapeHtml, sendPage } from '../pages.ts';
import { responseFaults } from './broken-responses.ts';

/** Ways to prove who one is: the electronic identity card of before, and the identity card of 2025. */
export const methods = ['nationalid', 'identitycard'] as const;

const methodNames: Readonly<Record<(typeof methods)[number], string>> = {
  nationalid: 'Buletin de identitate electronic',
  identitycard: 'Carte de identitate',
};

/** The choice of the method; each is a form of its own, so that no script is needed. */
export function methodPage(reply: FastifyReply, signIn: string, site: string): FastifyReply {
  const forms = methods.map(
    (method) =>
      `<form method="post" action="/login/method"><input type="hidden" name="signIn" value="${escapeHtml(signIn)}">` +
      `<button name="method" value="${method}">${escapeHtml(methodNames[method])}</button></form>`,
  );
  return sendPage(
    reply,
    `Autentificare în ${site}`,
    `<p>Alegeți metoda de autentificare:</p>${forms.join('')}`,
  );
}

/** For a browser, which cannot speak to a card: what would be signed, and how to go on. */
export function challengePage(reply: FastifyReply, offer: Record<string, unknown>): FastifyReply {
  return sendPage(
    reply,
    'Apropiați cartea de cititor',
    `<p>${escapeHtml(String(offer.description))}</p><p>Continuați în aplicația Buletin: navigatorul nu poate citi cartea.</p>`,
  );
}

/** The page that breaks the provider's answers on purpose, for whoever has its cookie. */
export function faultPage(reply: FastifyReply, chosen: string | null): FastifyReply {
  const options = ['', ...responseFaults].map(
    (fault) =>
      `<label><input type="radio" name="fault" value="${fault}"${fault === (chosen ?? '') ? ' checked' : ''}> ${fault || 'niciuna'}</label><br>`,
  );
  return sendPage(
    reply,
    'Greșeli intenționate',
    `<form method="post" action="/test"><p>Răspunsurile SAML pentru acest navigator vor avea greșeala:</p>${options.join('')}<button>Alege</button></form>`,
  );
}
