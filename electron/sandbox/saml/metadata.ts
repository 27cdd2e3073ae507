import type { SamlKey } from './keys.ts';
import { element, type Markup, text } from './markup.ts';
import { httpPost, nameIdUnspecified, namespaces } from './names.ts';

export interface ProviderMetadata {
  readonly entityId: string;
  readonly singleSignOnUrl: string;
  readonly singleLogoutUrl: string;
  readonly key: SamlKey;
}

export interface ServiceMetadata {
  readonly entityId: string;
  readonly assertionConsumerServiceUrl: string;
  readonly singleLogoutUrl: string;
  readonly key: SamlKey;
}

/** Metadata (saml-metadata 2.4.3) of an identity provider. */
export function writeProviderMetadata(provider: ProviderMetadata): string {
  return descriptor(
    provider.entityId,
    element(
      'md:IDPSSODescriptor',
      { protocolSupportEnumeration: namespaces.protocol, WantAuthnRequestsSigned: 'true' },
      signingKey(provider.key),
      endpoint('SingleLogoutService', provider.singleLogoutUrl),
      nameIdFormat,
      endpoint('SingleSignOnService', provider.singleSignOnUrl),
    ),
  );
}

/** Metadata (saml-metadata 2.4.4) of a service. */
export function writeServiceMetadata(service: ServiceMetadata): string {
  return descriptor(
    service.entityId,
    element(
      'md:SPSSODescriptor',
      {
        protocolSupportEnumeration: namespaces.protocol,
        AuthnRequestsSigned: 'true',
        WantAssertionsSigned: 'false',
      },
      signingKey(service.key),
      endpoint('SingleLogoutService', service.singleLogoutUrl),
      nameIdFormat,
      element('md:AssertionConsumerService', {
        Binding: httpPost,
        Location: service.assertionConsumerServiceUrl,
        index: '0',
        isDefault: 'true',
      }),
    ),
  );
}

function descriptor(entityId: string, role: Markup): string {
  return element(
    'md:EntityDescriptor',
    { 'xmlns:md': namespaces.metadata, 'xmlns:ds': namespaces.signature, entityID: entityId },
    role,
  );
}

function signingKey(key: SamlKey): Markup {
  const certificate = text(Buffer.from(key.certificate).toString('base64'));
  return element(
    'md:KeyDescriptor',
    { use: 'signing' },
    element('ds:KeyInfo', {}, element('ds:X509Data', {}, element('ds:X509Certificate', {}, certificate))),
  );
}

const endpoint = (name: string, url: string): Markup =>
  element(`md:${name}`, { Binding: httpPost, Location: url });

const nameIdFormat = element('md:NameIDFormat', {}, text(nameIdUnspecified));
