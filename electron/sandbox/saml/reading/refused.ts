/** Why a SAML message was refused. */
export type RefusalReason =
  | 'size'
  | 'base64'
  | 'xml'
  | 'doctype'
  | 'signature-missing'
  | 'signature-invalid'
  | 'algorithm'
  | 'reference'
  | 'wrong-key'
  | 'version'
  | 'issuer'
  | 'destination'
  | 'recipient'
  | 'assertion-consumer-service'
  | 'in-response-to'
  | 'replayed'
  | 'audience'
  | 'expired'
  | 'too-new'
  | 'status'
  | 'session-expired'
  | 'relay-state'
  | 'shape';

/** A SAML message that is not believed. The text names no value of the message, which may be personal. */
export class SamlRefused extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, detail: string) {
    super(`SAML message refused (${reason}): ${detail}`);
    this.name = 'SamlRefused';
    this.reason = reason;
  }
}

/** Refuses by this reason unless the condition holds. */
export function demand(condition: boolean, reason: RefusalReason, detail: string): asserts condition {
  if (!condition) throw new SamlRefused(reason, detail);
}
