import { clockSkewMs, namespaces } from '../names.ts';
import { readInstant } from './dates.ts';
import { attribute, demandText } from './element.ts';
import {
  checkNotOnOrAfter,
  type Expectation,
  openEnvelope,
  readInResponseTo,
  readStatus,
  type StatusRead,
} from './envelope.ts';
import { demand } from './refused.ts';
import type { ReplayGuard } from './replay-guard.ts';

export interface LogoutRequestExpectation extends Expectation {
  readonly used: ReplayGuard;
}

/** A request for sign-out that may be believed. */
export interface LogoutRequest {
  readonly id: string;
  readonly issuer: string;
  readonly issueInstant: Date;
  readonly nameId: string;
  /** At least one. */
  readonly sessionIndexes: readonly string[];
  readonly reason?: string;
}

/**
 * Reads a LogoutRequest of the HTTP-POST binding, on either side, and takes note that it was used.
 * @param base64 the SAMLRequest field
 * @throws SamlRefused
 */
export function readLogoutRequest(base64: string, expected: LogoutRequestExpectation): LogoutRequest {
  const envelope = openEnvelope(base64, 'LogoutRequest', expected);
  const { root, children, id, issuer, issueInstant } = envelope;
  let until = envelope.until.getTime();
  const notOnOrAfter = attribute(root, 'NotOnOrAfter');
  if (notOnOrAfter !== undefined) {
    const end = readInstant(notOnOrAfter);
    checkNotOnOrAfter(end, expected.now);
    until = Math.max(until, end.getTime() + clockSkewMs);
  }
  const nameId = demandText(children.one(namespaces.assertion, 'NameID'), 128);
  const sessionIndexes = children
    .many(namespaces.protocol, 'SessionIndex')
    .map((element) => demandText(element, 256));
  children.end();
  demand(sessionIndexes.length > 0, 'shape', 'no session is named');
  const reason = attribute(root, 'Reason');
  demand(expected.used.take(`${issuer} ${id}`, new Date(until)), 'replayed', 'it was used before');
  return {
    id,
    issuer,
    issueInstant,
    nameId,
    sessionIndexes,
    ...(reason !== undefined && { reason: reason.slice(0, 256) }),
  };
}

export interface LogoutResponseExpectation extends Expectation {
  /** Ends the wait for an answer of this issuer; false when none is awaited. Called last, at most once. */
  readonly takePending: (inResponseTo: string, issuer: string) => boolean;
  readonly used: ReplayGuard;
}

/** The answer to a request for sign-out. */
export interface LogoutResponse {
  readonly id: string;
  readonly issuer: string;
  readonly inResponseTo: string;
  readonly status: StatusRead;
}

/**
 * Reads a LogoutResponse of the HTTP-POST binding, on either side, and takes note that it was used.
 * @param base64 the SAMLResponse field
 * @throws SamlRefused
 */
export function readLogoutResponse(base64: string, expected: LogoutResponseExpectation): LogoutResponse {
  const { root, children, id, issuer, until } = openEnvelope(base64, 'LogoutResponse', expected);
  const inResponseTo = readInResponseTo(root);
  const status = readStatus(children);
  children.end();
  demand(expected.used.take(`${issuer} ${id}`, until), 'replayed', 'it was used before');
  demand(expected.takePending(inResponseTo, issuer), 'in-response-to', 'it answers what was never asked');
  return { id, issuer, inResponseTo, status };
}
