import { type CertificateFacts, QcStatementId } from './certificate-facts.ts';
import type { CertificateRole } from './identity-token.ts';

/**
 * What a holder's certificate is for, from its own words (RFC 5280 4.2.1.3, ETSI EN 319 412-2 and -5):
 *
 * 1. a CA certificate is `other`;
 * 2. nonRepudiation, or a QCStatement of compliance or of type e-sign: `signature`, also beside
 *    digitalSignature, because a key that can make a qualified signature must never be shown as a mere login;
 * 3. digitalSignature alone: `authentication`;
 * 4. no KeyUsage at all: the card's label decides, as far as it is clear; else `other`.
 *
 * @param label The card's label of the certificate; used in case 4 only.
 */
export function certificateRole(facts: CertificateFacts, label: string): CertificateRole {
  if (facts.isAuthority) return 'other';
  const qualified =
    facts.qcStatements.includes(QcStatementId.compliance) ||
    facts.qcStatements.includes(QcStatementId.typeEsign);
  if (facts.keyUsage?.nonRepudiation || (qualified && facts.keyUsage?.digitalSignature !== false)) {
    return 'signature';
  }
  if (facts.keyUsage?.digitalSignature) return 'authentication';
  return facts.keyUsage === undefined ? roleOfLabel(label) : 'other';
}

/** The role a card's own label tells (English, Romanian, Estonian words), or `other`. */
export function roleOfLabel(label: string): CertificateRole {
  const authentication = /auth|autentif|isikutuvastus/i.test(label);
  const signature = /sign|semn|allkirj/i.test(label);
  if (authentication === signature) return 'other';
  return authentication ? 'authentication' : 'signature';
}
