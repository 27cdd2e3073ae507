import { createSamlKey, type SamlKey } from '../../../electron/sandbox/saml/index.ts';

/** The two sides of the tests' conversations, and what is usually said between them. */

export const provider = {
  entityId: 'https://127.0.0.1:9443/meta/saml',
  sso: 'https://127.0.0.1:9443/login/saml',
  slo: 'https://127.0.0.1:9443/logout/saml',
} as const;

export const service = {
  entityId: 'https://127.0.0.2:9444/sandbox-service',
  acs: 'https://127.0.0.2:9444/mpass-login',
  slo: 'https://127.0.0.2:9444/mpass-slo',
} as const;

export const smartcard = 'urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI';

/** Keys are slow to make: once for each test file. */
export const [providerKey, serviceKey, strangersKey]: readonly [SamlKey, SamlKey, SamlKey] =
  await Promise.all([
    createSamlKey('Test provider'),
    createSamlKey('Test service'),
    createSamlKey('A stranger'),
  ]);

export const minute = 60_000;

/** `date` moved by so many minutes. */
export const later = (date: Date, minutes: number): Date => new Date(date.getTime() + minutes * minute);
