import {
  type AssertionToWrite,
  MemoryReplayGuard,
  messageField,
  type RefusalReason,
  type ResponseExpectation,
  type ResponseRead,
  type ResponseToWrite,
  readResponse,
  type SamlKey,
  SamlRefused,
  writeResponse,
} from '../../../electron/sandbox/saml/index.ts';
import { signMessage } from '../../../electron/sandbox/saml/signing.ts';
import { later, provider, providerKey, service, smartcard } from './parties.ts';

/** One genuine answer of the provider, and the service that waits for it. */

export const now = new Date('2026-03-02T08:00:00Z');
export const requestId = '_request-1';
export const genuineName = '2003004123456';
export const evilName = '2009009999999';

/** A genuine response, signed by the provider, with these changes. */
export function genuineResponse(
  changes: Partial<ResponseToWrite> = {},
  inAssertion: Partial<AssertionToWrite> = {},
  key: SamlKey = providerKey,
): string {
  return writeResponse(
    {
      id: '_response-1',
      issueInstant: now,
      destination: service.acs,
      issuer: provider.entityId,
      inResponseTo: requestId,
      status: { code: 'Success' },
      assertion: {
        id: '_assertion-1',
        nameId: genuineName,
        recipient: service.acs,
        notBefore: later(now, -1),
        notOnOrAfter: later(now, 10),
        audience: service.entityId,
        authnInstant: later(now, -1),
        sessionIndex: 'session-1',
        sessionNotOnOrAfter: later(now, 60),
        authnContextClassRef: smartcard,
        attributes: { FirstName: ['Ion'], LastName: ['Țurcanu'] },
        ...inAssertion,
      },
      ...changes,
    },
    key,
  );
}

/** The same message without its signature. */
export const unsigned = (xml: string): string => xml.replace(/<ds:Signature .*<\/ds:Signature>/s, '');

/** Changes a signed message and has it signed again: what only a faulty provider could send. */
export function resigned(xml: string, change: (text: string) => string, key: SamlKey = providerKey): string {
  const before = unsigned(xml);
  const after = change(before);
  if (after === before) throw new Error('the test changes nothing');
  return signMessage(after, key);
}

/** What the service was asked while it read. */
export interface Reading {
  readonly pending: string[];
  readonly used: MemoryReplayGuard;
}

/** Reads a response as the service that waits for it. */
export function readAsService(
  xml: string,
  changes: Partial<ResponseExpectation> = {},
  reading: Reading = { pending: [requestId], used: new MemoryReplayGuard(() => now) },
): ResponseRead {
  return readFieldAsService(messageField(xml), changes, reading);
}

/** The same for the form field as it came. */
export function readFieldAsService(
  field: string,
  changes: Partial<ResponseExpectation> = {},
  reading: Reading = { pending: [requestId], used: new MemoryReplayGuard(() => now) },
): ResponseRead {
  return readResponse(field, {
    now,
    destination: service.acs,
    issuer: provider.entityId,
    certificates: [providerKey.certificate],
    audience: service.entityId,
    takePending: (id) => {
      const at = reading.pending.indexOf(id);
      if (at >= 0) reading.pending.splice(at, 1);
      return at >= 0;
    },
    used: reading.used,
    ...changes,
  });
}

/** The reason why something was refused, or `taken`; anything else that is thrown goes on. */
export function outcome(attempt: () => unknown): RefusalReason | 'taken' {
  try {
    attempt();
    return 'taken';
  } catch (error) {
    if (error instanceof SamlRefused) return error.reason;
    throw error;
  }
}
