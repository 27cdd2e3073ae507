import { httpPost, nameIdUnspecified, namespaces } from '../names.ts';
import { attribute, booleanAttribute } from './element.ts';
import { openEnvelope } from './envelope.ts';
import { demand } from './refused.ts';
import type { ReplayGuard } from './replay-guard.ts';

/** A service that the provider knows. */
export interface KnownService {
  /** DER; the service signs with one of their keys. */
  readonly certificates: readonly Uint8Array[];
  /** Where answers for it may go. */
  readonly assertionConsumerServiceUrls: readonly string[];
}

export interface AuthnRequestExpectation {
  readonly now: Date;
  /** Address of the single sign-on service that the request came to. */
  readonly destination: string;
  readonly serviceProvider: (issuer: string) => KnownService | undefined;
  readonly used: ReplayGuard;
}

/** A request for sign-in that may be believed. */
export interface AuthnRequest {
  readonly id: string;
  readonly issuer: string;
  readonly issueInstant: Date;
  readonly assertionConsumerServiceUrl: string;
  readonly forceAuthn: boolean;
  readonly isPassive: boolean;
}

/**
 * Reads an AuthnRequest of the HTTP-POST binding as the provider, and takes note that it was used.
 * @param base64 the SAMLRequest field
 * @throws SamlRefused
 */
export function readAuthnRequest(base64: string, expected: AuthnRequestExpectation): AuthnRequest {
  const envelope = openEnvelope(base64, 'AuthnRequest', {
    ...expected,
    certificatesOf: (issuer) => expected.serviceProvider(issuer)?.certificates,
  });
  const { root, children, id, issuer, issueInstant } = envelope;

  const policy = children.one(namespaces.protocol, 'NameIDPolicy');
  children.end();
  demand(booleanAttribute(policy, 'AllowCreate'), 'shape', 'the name policy does not allow to create');
  const format = attribute(policy, 'Format') ?? nameIdUnspecified;
  demand(format === nameIdUnspecified, 'shape', 'a kind of name that is not given here');

  const binding = attribute(root, 'ProtocolBinding') ?? httpPost;
  demand(binding === httpPost, 'shape', 'another binding than HTTP-POST');
  const url = attribute(root, 'AssertionConsumerServiceURL');
  const urls = expected.serviceProvider(issuer)?.assertionConsumerServiceUrls ?? [];
  demand(
    url !== undefined && urls.includes(url),
    'assertion-consumer-service',
    'the answer would go where this service has no address',
  );
  const forceAuthn = booleanAttribute(root, 'ForceAuthn');
  const isPassive = booleanAttribute(root, 'IsPassive');
  demand(expected.used.take(`${issuer} ${id}`, envelope.until), 'replayed', 'it was used before');
  return { id, issuer, issueInstant, assertionConsumerServiceUrl: url, forceAuthn, isPassive };
}
