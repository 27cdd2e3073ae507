/** The two parties of the sandbox's SAML, as each knows the other. Paths are those that the facts name for MPass. */

/** Paths at the identity provider. */
export const providerPaths = {
  singleSignOn: '/login/saml',
  singleLogout: '/logout/saml',
  metadata: '/meta/saml',
} as const;

/** Paths at a site that signs people in through it. */
export const sitePaths = {
  assertionConsumer: '/mpass-login',
  /** Both directions: requests from the provider and its responses. */
  singleLogout: '/mpass-slo',
  metadata: '/meta/saml',
} as const;

/** A site as the provider knows it. */
export interface ServiceParty {
  readonly entityId: string;
  /** What the provider's pages call it. */
  readonly name: string;
  readonly assertionConsumerServiceUrls: readonly string[];
  readonly singleLogoutUrl: string;
  /** DER. */
  readonly certificates: readonly Uint8Array[];
}

/** The provider as a site knows it. */
export interface ProviderParty {
  readonly entityId: string;
  readonly singleSignOnUrl: string;
  readonly singleLogoutUrl: string;
  /** DER. */
  readonly certificates: readonly Uint8Array[];
}
