/** Names and bounds of SAML 2.0 (saml-core, saml-bindings) and XML Signature, as far as they are used here. */

export const namespaces = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
} as const;

export const httpPost = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
export const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
export const nameIdUnspecified = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';
export const entityFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity';
export const logoutByUser = 'urn:oasis:names:tc:SAML:2.0:logout:user';
export const statusPrefix = 'urn:oasis:names:tc:SAML:2.0:status:';

export const algorithms = {
  excC14n: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  rsaSha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
} as const;

/** First-level status codes (saml-core 3.2.2.2). */
export type StatusCode = 'Success' | 'Requester' | 'Responder' | 'VersionMismatch';

/** The outcome that a response tells. */
export interface SamlStatus {
  readonly code: StatusCode;
  /** Second-level code without its prefix, such as `NoPassive`, `AuthnFailed`, `RequestDenied`. */
  readonly subcode?: string;
  readonly message?: string;
}

/** Most characters of base64 that a message may have. */
export const mostMessageCharacters = 64 * 1024;
/** Clocks of two parties may differ by this much. */
export const clockSkewMs = 2 * 60_000;
/** A message is old when it was issued longer ago than this (and the clock skew). */
export const longestMessageAgeMs = 10 * 60_000;
/** saml-bindings 3.5.3. */
export const mostRelayStateBytes = 80;
