import { SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import { describe, expect, it } from 'vitest';
import {
  MemoryReplayGuard,
  messageField,
  readAuthnRequest,
  writeAuthnRequest,
  writeLogoutRequest,
  writeLogoutResponse,
} from '../../../electron/sandbox/saml/index.ts';
import { certificatePem } from '../../../electron/sandbox/saml/signing.ts';
import { askJudge } from '../../rig/judges/judge.ts';
import { needs } from '../../run/needs.ts';
import { evilName, genuineName, genuineResponse, requestId } from './exchange.ts';
import { firstSignatureHolds } from './libxml2-verifier.ts';
import { later, provider, providerKey, service, serviceKey, smartcard, strangersKey } from './parties.ts';

/** Foreign programs on what we write. */

const now = new Date();

const messages = [
  {
    kind: 'AuthnRequest',
    key: serviceKey,
    xml: writeAuthnRequest(
      {
        destination: provider.sso,
        issuer: service.entityId,
        assertionConsumerServiceUrl: `${service.acs}?a=1&b=ț`,
        forceAuthn: true,
        isPassive: true,
      },
      serviceKey,
    ),
  },
  {
    kind: 'Response',
    key: providerKey,
    xml: genuineResponse(
      {},
      { attributes: { FirstName: ['Ștefan'], Nasty: ['a\tb\nc\rd', `<&>"'`, ''], None: [] } },
    ),
  },
  {
    kind: 'Response',
    key: providerKey,
    xml: genuineResponse({
      status: { code: 'Responder', subcode: 'NoPassive', message: 'nu există sesiune' },
      assertion: undefined as never,
    }),
  },
  {
    kind: 'LogoutRequest',
    key: serviceKey,
    xml: writeLogoutRequest(
      {
        destination: provider.slo,
        issuer: service.entityId,
        nameId: genuineName,
        sessionIndex: 'session-1',
        notOnOrAfter: later(now, 5),
        reason: 'Ieșire\t\n"',
      },
      serviceKey,
    ),
  },
  {
    kind: 'LogoutResponse',
    key: providerKey,
    xml: writeLogoutResponse(
      {
        destination: service.slo,
        issuer: provider.entityId,
        inResponseTo: '_1',
        status: { code: 'Success' },
      },
      providerKey,
    ),
  },
] as const;

/** A change that must not go unnoticed. */
const spoilt = (xml: string): string => xml.replace('Version="2.0"', 'Version="2.1"');

describe.skipIf(!needs('xmlsec1'))('xmlsec1', () => {
  const verifies = async (kind: string, xml: string, certificate: Uint8Array): Promise<boolean> => {
    const { exitCode } = await askJudge(
      'xmlsec1',
      [
        '--verify',
        '--pubkey-cert-pem',
        'certificate.pem',
        '--id-attr:ID',
        `urn:oasis:names:tc:SAML:2.0:protocol:${kind}`,
        'message.xml',
      ],
      { files: { 'certificate.pem': certificatePem(certificate), 'message.xml': xml } },
    );
    return exitCode === 0;
  };

  it.each(messages)('verifies our $kind', async ({ kind, xml, key }) => {
    expect(await verifies(kind, xml, key.certificate)).toBe(true);
    expect(await verifies(kind, spoilt(xml), key.certificate)).toBe(false);
    expect(await verifies(kind, xml, strangersKey.certificate)).toBe(false);
  });
});

describe('libxml2 and node:crypto', () => {
  it.each(messages)('verify our $kind', ({ xml, key }) => {
    expect(firstSignatureHolds(xml, key.certificate)).toBe(true);
    expect(firstSignatureHolds(spoilt(xml), key.certificate)).toBe(false);
    expect(firstSignatureHolds(xml, strangersKey.certificate)).toBe(false);
  });
});

describe('node-saml as a service of our provider', () => {
  const foreign = () =>
    new SAML({
      entryPoint: provider.sso,
      issuer: service.entityId,
      audience: service.entityId,
      callbackUrl: service.acs,
      idpCert: certificatePem(providerKey.certificate),
      idpIssuer: provider.entityId,
      privateKey: serviceKey.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
      publicCert: certificatePem(serviceKey.certificate),
      signatureAlgorithm: 'sha256',
      digestAlgorithm: 'sha256',
      wantAuthnResponseSigned: true,
      wantAssertionsSigned: false,
      validateInResponseTo: ValidateInResponseTo.always,
      // Its own defaults would deflate the request, and ask for a password.
      skipRequestCompression: true,
      disableRequestedAuthnContext: true,
      identifierFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
      forceAuthn: true,
    });
  const ask = async (saml: SAML): Promise<string> => {
    const { SAMLRequest } = await saml.getAuthorizeMessageAsync('state', 'localhost', {});
    return SAMLRequest as string;
  };
  const answer = (inResponseTo: string, key = providerKey, nameId = genuineName): string =>
    genuineResponse(
      { issueInstant: now, inResponseTo },
      {
        nameId,
        notBefore: later(now, -1),
        notOnOrAfter: later(now, 10),
        authnInstant: now,
        sessionNotOnOrAfter: later(now, 60),
        attributes: { FirstName: ['Ștefan'], AdministeredLegalEntity: ['A 1', 'B 2'] },
      },
      key,
    );

  it('asks for a sign-in that our provider reads, and takes the answer, once', async () => {
    const saml = foreign();
    const request = readAuthnRequest(await ask(saml), {
      now: new Date(),
      destination: provider.sso,
      serviceProvider: () => ({
        certificates: [serviceKey.certificate],
        assertionConsumerServiceUrls: [service.acs],
      }),
      used: new MemoryReplayGuard(),
    });
    expect(request).toMatchObject({
      issuer: service.entityId,
      assertionConsumerServiceUrl: service.acs,
      forceAuthn: true,
      isPassive: false,
    });
    const SAMLResponse = messageField(answer(request.id));
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse });
    expect(profile).toMatchObject({
      issuer: provider.entityId,
      nameID: genuineName,
      sessionIndex: 'session-1',
      inResponseTo: request.id,
      FirstName: 'Ștefan',
      AdministeredLegalEntity: ['A 1', 'B 2'],
    });
    expect(profile?.getAssertionXml?.()).toContain(smartcard);
    await expect(saml.validatePostResponseAsync({ SAMLResponse })).rejects.toThrow();
  });

  it('refuses what our provider did not sign', async () => {
    for (const bad of [
      (id: string) => answer(id).replace(genuineName, evilName),
      (id: string) => answer(id, strangersKey),
    ]) {
      const saml = foreign();
      const asked = Buffer.from(await ask(saml), 'base64').toString();
      const id = / ID="([^"]*)"/.exec(asked)?.[1] ?? '';
      const SAMLResponse = messageField(bad(id));
      await expect(saml.validatePostResponseAsync({ SAMLResponse })).rejects.toThrow(/signature/i);
    }
  });

  it('refuses an answer that it did not ask for', async () => {
    const SAMLResponse = messageField(answer(requestId));
    await expect(foreign().validatePostResponseAsync({ SAMLResponse })).rejects.toThrow(/InResponseTo/);
  });

  it('is signed out by our provider', async () => {
    const request = (key: typeof providerKey): string =>
      messageField(
        writeLogoutRequest(
          {
            id: '_logout-1',
            destination: service.slo,
            issuer: provider.entityId,
            nameId: genuineName,
            sessionIndex: 'session-1',
            notOnOrAfter: later(now, 5),
          },
          key,
        ),
      );
    const { profile, loggedOut } = await foreign().validatePostRequestAsync({
      SAMLRequest: request(providerKey),
    });
    expect(loggedOut).toBe(true);
    expect(profile).toMatchObject({ ID: '_logout-1', nameID: genuineName, sessionIndex: 'session-1' });
    await expect(
      foreign().validatePostRequestAsync({ SAMLRequest: request(strangersKey) }),
    ).rejects.toThrow();
  });
});
