/** SAML 2.0 by HTTP-POST, for the sandbox's identity provider and its e-services site. */
export { createSamlKey, type SamlKey } from './keys.ts';
export {
  type AssertionToWrite,
  type AuthnRequestToWrite,
  type LogoutRequestToWrite,
  type LogoutResponseToWrite,
  messageField,
  newSamlId,
  type ResponseToWrite,
  writeAuthnRequest,
  writeLogoutRequest,
  writeLogoutResponse,
  writeResponse,
} from './messages.ts';
export {
  type ProviderMetadata,
  type ServiceMetadata,
  writeProviderMetadata,
  writeServiceMetadata,
} from './metadata.ts';
export { clockSkewMs, longestMessageAgeMs, type SamlStatus } from './names.ts';
export { checkRelayState, type PostForm, postFormPage, postFormPolicy } from './post-form.ts';
export type { Identity } from './reading/assertion.ts';
export {
  type AuthnRequest,
  type AuthnRequestExpectation,
  type KnownService,
  readAuthnRequest,
} from './reading/authn-request.ts';
export {
  type LogoutRequest,
  type LogoutRequestExpectation,
  type LogoutResponse,
  type LogoutResponseExpectation,
  readLogoutRequest,
  readLogoutResponse,
} from './reading/logout.ts';
export { type RefusalReason, SamlRefused } from './reading/refused.ts';
export { MemoryReplayGuard, type ReplayGuard } from './reading/replay-guard.ts';
export { type ResponseExpectation, type ResponseRead, readResponse } from './reading/response.ts';
