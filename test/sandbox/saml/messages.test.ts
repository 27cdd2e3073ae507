import { describe, expect, it } from 'vitest';
import {
  MemoryReplayGuard,
  messageField,
  newSamlId,
  readLogoutRequest,
  writeAuthnRequest,
  writeLogoutRequest,
  writeLogoutResponse,
  writeProviderMetadata,
  writeResponse,
  writeServiceMetadata,
} from '../../../electron/sandbox/saml/index.ts';
import { genuineResponse, now, requestId, unsigned } from './exchange.ts';
import { later, provider, providerKey, service, serviceKey } from './parties.ts';

/** What is written, letter by letter, as the standard and MPass's guide have it. */

const head =
  'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"';
const unspecified = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';

describe('messages', () => {
  it('AuthnRequest', () => {
    const xml = writeAuthnRequest(
      {
        id: '_1',
        issueInstant: now,
        destination: provider.sso,
        issuer: service.entityId,
        assertionConsumerServiceUrl: service.acs,
        forceAuthn: true,
        isPassive: false,
      },
      serviceKey,
    );
    expect(unsigned(xml)).toBe(
      `<samlp:AuthnRequest ${head} ID="_1" Version="2.0" IssueInstant="2026-03-02T08:00:00.000Z" ` +
        'Destination="https://127.0.0.1:9443/login/saml" ForceAuthn="true" IsPassive="false" ' +
        'ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" ' +
        'AssertionConsumerServiceURL="https://127.0.0.2:9444/mpass-login">' +
        '<saml:Issuer>https://127.0.0.2:9444/sandbox-service</saml:Issuer>' +
        `<samlp:NameIDPolicy Format="${unspecified}" AllowCreate="true"/></samlp:AuthnRequest>`,
    );
  });

  it('Response', () => {
    expect(
      unsigned(genuineResponse({}, { subjectAddress: '127.0.0.1', attributes: { IDNO: ['1', 'ț&'] } })),
    ).toBe(
      `<samlp:Response ${head} ID="_response-1" Version="2.0" IssueInstant="2026-03-02T08:00:00.000Z" ` +
        'Destination="https://127.0.0.2:9444/mpass-login" InResponseTo="_request-1">' +
        '<saml:Issuer>https://127.0.0.1:9443/meta/saml</saml:Issuer>' +
        '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>' +
        '<saml:Assertion ID="_assertion-1" Version="2.0" IssueInstant="2026-03-02T08:00:00.000Z">' +
        '<saml:Issuer>https://127.0.0.1:9443/meta/saml</saml:Issuer>' +
        `<saml:Subject><saml:NameID Format="${unspecified}">2003004123456</saml:NameID>` +
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">' +
        '<saml:SubjectConfirmationData InResponseTo="_request-1" NotOnOrAfter="2026-03-02T08:10:00.000Z" ' +
        'Recipient="https://127.0.0.2:9444/mpass-login"/></saml:SubjectConfirmation></saml:Subject>' +
        '<saml:Conditions NotBefore="2026-03-02T07:59:00.000Z" NotOnOrAfter="2026-03-02T08:10:00.000Z">' +
        '<saml:AudienceRestriction><saml:Audience>https://127.0.0.2:9444/sandbox-service</saml:Audience>' +
        '</saml:AudienceRestriction></saml:Conditions>' +
        '<saml:AuthnStatement AuthnInstant="2026-03-02T07:59:00.000Z" SessionIndex="session-1" ' +
        'SessionNotOnOrAfter="2026-03-02T09:00:00.000Z"><saml:SubjectLocality Address="127.0.0.1"/>' +
        '<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI' +
        '</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>' +
        '<saml:Attribute Name="IDNO" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified">' +
        '<saml:AttributeValue>1</saml:AttributeValue><saml:AttributeValue>ț&amp;</saml:AttributeValue>' +
        '</saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>',
    );
  });

  it('Response without success', () => {
    const base = { destination: service.acs, issuer: provider.entityId, inResponseTo: requestId };
    const status = { code: 'Responder', subcode: 'AuthnFailed', message: 'anulat' } as const;
    expect(unsigned(writeResponse({ ...base, status }, providerKey))).toMatch(
      new RegExp(
        '</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">' +
          '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode>' +
          '<samlp:StatusMessage>anulat</samlp:StatusMessage></samlp:Status></samlp:Response>$',
      ),
    );
    expect(() => writeResponse({ ...base, status: { code: 'Success' } }, providerKey)).toThrow(TypeError);
    expect(() => genuineResponse({ status })).toThrow(TypeError);
  });

  it('LogoutRequest and LogoutResponse', () => {
    const request = { id: '_2', issueInstant: now, destination: provider.slo, issuer: service.entityId };
    expect(
      unsigned(
        writeLogoutRequest(
          { ...request, nameId: '2003004123456', sessionIndex: 's', notOnOrAfter: later(now, 5) },
          serviceKey,
        ),
      ),
    ).toBe(
      `<samlp:LogoutRequest ${head} ID="_2" Version="2.0" IssueInstant="2026-03-02T08:00:00.000Z" ` +
        'Destination="https://127.0.0.1:9443/logout/saml" NotOnOrAfter="2026-03-02T08:05:00.000Z" ' +
        'Reason="urn:oasis:names:tc:SAML:2.0:logout:user">' +
        '<saml:Issuer>https://127.0.0.2:9444/sandbox-service</saml:Issuer>' +
        `<saml:NameID Format="${unspecified}">2003004123456</saml:NameID>` +
        '<samlp:SessionIndex>s</samlp:SessionIndex></samlp:LogoutRequest>',
    );
    const answer = { ...request, inResponseTo: '_1', status: { code: 'Success' } } as const;
    expect(unsigned(writeLogoutResponse(answer, serviceKey))).toBe(
      `<samlp:LogoutResponse ${head} ID="_2" Version="2.0" IssueInstant="2026-03-02T08:00:00.000Z" ` +
        'Destination="https://127.0.0.1:9443/logout/saml" InResponseTo="_1">' +
        '<saml:Issuer>https://127.0.0.2:9444/sandbox-service</saml:Issuer>' +
        '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>' +
        '</samlp:LogoutResponse>',
    );
  });

  it('are signed after the Issuer, with the certificate beside', () => {
    const signature = /<\/saml:Issuer><ds:Signature .*?<\/ds:Signature><samlp:Status>/.exec(
      genuineResponse(),
    )?.[0];
    const algorithms = [...(signature ?? '').matchAll(/<ds:(\w+) Algorithm="([^"]*)"/g)].map((one) =>
      one.slice(1),
    );
    expect(algorithms).toEqual([
      ['CanonicalizationMethod', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
      ['SignatureMethod', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'],
      ['Transform', 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'],
      ['Transform', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
      ['DigestMethod', 'http://www.w3.org/2001/04/xmlenc#sha256'],
    ]);
    expect(signature).toContain('<ds:Reference URI="#_response-1">');
    const certificate = Buffer.from(providerKey.certificate).toString('base64');
    expect(signature).toContain(`<ds:X509Certificate>${certificate}</ds:X509Certificate>`);
  });

  it('get an ID and a time of their own when none is given', () => {
    const before = Date.now();
    const write = () =>
      writeAuthnRequest({ destination: 'd', issuer: 'i', assertionConsumerServiceUrl: 'a' }, serviceKey);
    const of = (name: string, xml: string) => new RegExp(`${name}="([^"]*)"`).exec(xml)?.[1] ?? '';
    const xml = write();
    expect(of(' ID', xml)).toMatch(/^_[0-9a-f]{40}$/);
    expect(of(' ID', write())).not.toBe(of(' ID', xml));
    expect(newSamlId()).toMatch(/^_[0-9a-f]{40}$/);
    const issued = Date.parse(of('IssueInstant', xml));
    expect(issued).toBeGreaterThanOrEqual(before);
    expect(issued).toBeLessThanOrEqual(Date.now());
  });

  it('carry any text that XML can, and refuse the rest', () => {
    const write = (value: string) =>
      writeLogoutRequest(
        {
          issueInstant: now,
          destination: provider.slo,
          issuer: service.entityId,
          nameId: value,
          sessionIndex: value,
          notOnOrAfter: later(now, 5),
          reason: value,
        },
        serviceKey,
      );
    for (const value of [
      'ăâîșț ĂÂÎȘȚ',
      'Ёлка',
      '😀',
      ' a ',
      'a\tb\nc\rd\r\ne',
      `<&>"'`,
      ']]>',
      '&amp;',
      '<!-- -->',
    ]) {
      const read = readLogoutRequest(messageField(write(value)), {
        now,
        destination: provider.slo,
        certificatesOf: () => [serviceKey.certificate],
        used: new MemoryReplayGuard(() => now),
      });
      expect(read, JSON.stringify(value)).toMatchObject({
        nameId: value,
        sessionIndexes: [value],
        reason: value,
      });
    }
    for (const value of ['\u0000', '\u001f', '\ufffe', '\ud800', '\u0085', '\u2028']) {
      expect(() => write(value), JSON.stringify(value)).toThrow(TypeError);
    }
  });
});

describe('metadata', () => {
  const certificate = (key: typeof serviceKey) =>
    '<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>' +
    `${Buffer.from(key.certificate).toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
  const format = `<md:NameIDFormat>${unspecified}</md:NameIDFormat>`;
  const post = 'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"';
  const namespaces =
    'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"';

  it('of the provider', () => {
    expect(
      writeProviderMetadata({
        entityId: provider.entityId,
        singleSignOnUrl: provider.sso,
        singleLogoutUrl: provider.slo,
        key: providerKey,
      }),
    ).toBe(
      `<md:EntityDescriptor ${namespaces} entityID="https://127.0.0.1:9443/meta/saml">` +
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" ' +
        `WantAuthnRequestsSigned="true">${certificate(providerKey)}` +
        `<md:SingleLogoutService ${post} Location="https://127.0.0.1:9443/logout/saml"/>${format}` +
        `<md:SingleSignOnService ${post} Location="https://127.0.0.1:9443/login/saml"/>` +
        '</md:IDPSSODescriptor></md:EntityDescriptor>',
    );
  });

  it('of the service', () => {
    expect(
      writeServiceMetadata({
        entityId: service.entityId,
        assertionConsumerServiceUrl: service.acs,
        singleLogoutUrl: service.slo,
        key: serviceKey,
      }),
    ).toBe(
      `<md:EntityDescriptor ${namespaces} entityID="https://127.0.0.2:9444/sandbox-service">` +
        '<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" ' +
        `AuthnRequestsSigned="true" WantAssertionsSigned="false">${certificate(serviceKey)}` +
        `<md:SingleLogoutService ${post} Location="https://127.0.0.2:9444/mpass-slo"/>${format}` +
        `<md:AssertionConsumerService ${post} Location="https://127.0.0.2:9444/mpass-login" index="0" isDefault="true"/>` +
        '</md:SPSSODescriptor></md:EntityDescriptor>',
    );
  });
});
