import { namespaces } from '../names.ts';
import { type Identity, readAssertion } from './assertion.ts';
import { openEnvelope, readInResponseTo, readStatus } from './envelope.ts';
import { demand } from './refused.ts';
import type { ReplayGuard } from './replay-guard.ts';

export interface ResponseExpectation {
  readonly now: Date;
  /** The assertion consumer service that the answer came to. */
  readonly destination: string;
  /** Entity ID of the provider. */
  readonly issuer: string;
  /** Its certificates, DER. */
  readonly certificates: readonly Uint8Array[];
  /** Our own entity ID, the issuer of the request. */
  readonly audience: string;
  /**
   * Ends the wait for an answer; false when no request of this ID waits for one. Called at most once, when all
   * else was found good: a forged answer cannot end the wait for the genuine one.
   */
  readonly takePending: (inResponseTo: string) => boolean;
  readonly used: ReplayGuard;
}

/** What the provider answers. */
export type ResponseRead =
  | { readonly status: 'success'; readonly inResponseTo: string; readonly identity: Identity }
  | {
      readonly status: 'failure';
      readonly inResponseTo: string;
      /** First-level code without its prefix, such as `Responder`. */
      readonly code: string;
      /** Second-level code, such as `NoPassive`, `AuthnFailed`, `RequestDenied`. */
      readonly subcode?: string;
      readonly message?: string;
    };

/**
 * Reads the Response of the HTTP-POST binding as the service, and takes note that it was used.
 * @param base64 the SAMLResponse field
 * @throws SamlRefused
 */
export function readResponse(base64: string, expected: ResponseExpectation): ResponseRead {
  const envelope = openEnvelope(base64, 'Response', {
    ...expected,
    certificatesOf: (issuer) => (issuer === expected.issuer ? expected.certificates : undefined),
  });
  const { children, issuer, id } = envelope;
  const inResponseTo = readInResponseTo(envelope.root);
  const { code, ...more } = readStatus(children);
  const take = (key: string, until: Date): void => {
    demand(expected.used.take(`${issuer} ${key}`, until), 'replayed', 'it was used before');
    demand(expected.takePending(inResponseTo), 'in-response-to', 'it answers what was never asked');
  };

  if (code !== 'Success') {
    children.end();
    take(id, envelope.until);
    return { status: 'failure', inResponseTo, code, ...more };
  }
  const assertion = readAssertion(children.one(namespaces.assertion, 'Assertion'), {
    ...expected,
    recipient: expected.destination,
    inResponseTo,
  });
  children.end();
  // The assertion is what must not be used twice, in whatever response it comes (saml-profiles 4.1.4.5).
  const until = Math.max(envelope.until.getTime(), assertion.until.getTime());
  take(assertion.id, new Date(until));
  return { status: 'success', inResponseTo, identity: assertion.identity };
}
