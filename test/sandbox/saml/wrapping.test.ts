import { describe, expect, it } from 'vitest';
import { SignedXml } from 'xml-crypto';
import { certificatePem } from '../../../electron/sandbox/saml/signing.ts';
import { askJudge } from '../../rig/judges/judge.ts';
import { needs } from '../../run/needs.ts';
import { evilName, genuineName, genuineResponse, outcome, readAsService, unsigned } from './exchange.ts';
import { firstSignatureHolds, naiveName, type naivePlaces } from './libxml2-verifier.ts';
import { providerKey } from './parties.ts';

/**
 * Signature wrapping (Somorovsky et al., "On Breaking SAML", 2012): a genuine signature is kept and holds, but what
 * is read is not what it covers. Numbers as in SAML Raider. 1 and 2 start from a signed Response, as MPass sends it;
 * 3 to 8 need a signed Assertion.
 */

interface Attack {
  readonly name: string;
  readonly xml: string;
  /** Who reads the attacker's name, if verifying and reading are two things. */
  readonly fools: readonly (keyof typeof naivePlaces)[];
  /** Why we refuse it; default: the signature is not over the message. */
  readonly reason?: 'shape';
}

const signature = /<ds:Signature .*<\/ds:Signature>/s;
const assertion = /<saml:Assertion .*<\/saml:Assertion>/s;

const signedResponse = genuineResponse();
const signedAssertion = withSignedAssertion(genuineResponse());

const part = (xml: string, pattern: RegExp): string => {
  const found = pattern.exec(xml)?.[0];
  if (found === undefined) throw new Error(`no ${pattern} in the message`);
  return found;
};
/** What the attacker wants to be read: another name under another ID. */
const evil = (xml: string): string =>
  unsigned(xml)
    .replaceAll(genuineName, evilName)
    .replace(/ID="_(response|assertion)-1"/g, 'ID="_evil-$1"');

const responseSignature = part(signedResponse, signature);
const innerResponse = unsigned(signedResponse);
const evilResponse = evil(signedResponse);
const genuineAssertion = part(signedAssertion, assertion);
const assertionSignature = part(genuineAssertion, signature);
const evilAssertion = evil(genuineAssertion);
/** The Response around the Assertion, with something else in its place. */
const around = (content: string): string => signedAssertion.replace(genuineAssertion, content);
const afterIssuer = (xml: string, content: string): string =>
  xml.replace('</saml:Issuer>', `</saml:Issuer>${content}`);

const attacks: readonly Attack[] = [
  {
    name: 'XSW1: the signed Response inside the signature of the evil one',
    xml: afterIssuer(
      evilResponse,
      responseSignature.replace('</ds:Signature>', `${innerResponse}</ds:Signature>`),
    ),
    fools: ['the assertion in the root', 'the last assertion'],
    reason: 'shape',
  },
  {
    name: 'XSW2: the signed Response before its signature in the evil one',
    xml: afterIssuer(evilResponse, `${innerResponse}${responseSignature}`),
    fools: ['the assertion in the root', 'the last assertion'],
  },
  {
    name: 'XSW3: the evil Assertion before the signed one',
    xml: around(evilAssertion + genuineAssertion),
    fools: ['the assertion in the root', 'the first assertion'],
  },
  {
    name: 'XSW4: the signed Assertion inside the evil one',
    xml: around(evilAssertion.replace('</saml:Assertion>', `${genuineAssertion}</saml:Assertion>`)),
    fools: ['the assertion in the root', 'the first assertion'],
  },
  {
    name: 'XSW5: the signature moved to the evil Assertion, the signed one at the end',
    xml: around(afterIssuer(evilAssertion, assertionSignature) + unsigned(genuineAssertion)),
    fools: ['the assertion in the root', 'the first assertion'],
  },
  {
    name: 'XSW6: the signature moved to the evil Assertion, the signed one inside of it',
    xml: around(
      afterIssuer(
        evilAssertion,
        assertionSignature.replace('</ds:Signature>', `${unsigned(genuineAssertion)}</ds:Signature>`),
      ),
    ),
    fools: ['the assertion in the root', 'the first assertion'],
  },
  {
    name: 'XSW7: the evil Assertion in Extensions before the signed one',
    xml: around(`<samlp:Extensions>${evilAssertion}</samlp:Extensions>${genuineAssertion}`),
    fools: ['the first assertion'],
  },
  {
    name: 'XSW8: the signed Assertion in an Object of the signature on the evil one',
    xml: around(
      afterIssuer(
        evilAssertion,
        assertionSignature.replace(
          '</ds:Signature>',
          `<ds:Object>${unsigned(genuineAssertion)}</ds:Object></ds:Signature>`,
        ),
      ),
    ),
    fools: ['the assertion in the root', 'the first assertion'],
  },
];

/** Others of the kind, from what our own rules look at. */
const variations: readonly Attack[] = [
  {
    name: 'the signed Response in an Object of the signature',
    xml: afterIssuer(
      evilResponse,
      responseSignature.replace('</ds:Signature>', `<ds:Object>${innerResponse}</ds:Object></ds:Signature>`),
    ),
    fools: ['the assertion in the root', 'the last assertion'],
    reason: 'shape',
  },
  {
    name: 'the signed Response in KeyInfo, where the schema lets anything be',
    xml: afterIssuer(
      evilResponse,
      responseSignature.replace('</ds:KeyInfo>', `${innerResponse}</ds:KeyInfo>`),
    ),
    fools: ['the assertion in the root', 'the last assertion'],
  },
  {
    name: 'the whole signed Response in Extensions of the evil one',
    xml: afterIssuer(evilResponse, `<samlp:Extensions>${signedResponse}</samlp:Extensions>`),
    fools: ['the assertion in the root', 'the last assertion'],
  },
  {
    name: 'the whole signed Response in StatusDetail of the evil one',
    xml: evilResponse.replace(
      '</samlp:Status>',
      `<samlp:StatusDetail>${signedResponse}</samlp:StatusDetail></samlp:Status>`,
    ),
    fools: ['the assertion in the root', 'the last assertion'],
  },
];

describe('signature wrapping', () => {
  it('starts from messages that verify', () => {
    for (const xml of [signedResponse, signedAssertion]) {
      expect(firstSignatureHolds(xml, providerKey.certificate)).toBe(true);
      expect(naiveName(xml, 'the assertion in the root')).toBe(genuineName);
    }
    expect(outcome(() => readAsService(signedResponse))).toBe('taken');
    // MPass signs the Response; an Assertion alone is not enough.
    expect(outcome(() => readAsService(signedAssertion))).toBe('reference');
  });

  describe.each([...attacks, ...variations])('$name', ({ xml, fools, reason }) => {
    it('would work on a service that verifies here and reads there', () => {
      expect(firstSignatureHolds(xml, providerKey.certificate)).toBe(true);
      for (const place of fools) expect(naiveName(xml, place), place).toBe(evilName);
    });

    it('is refused', () => {
      const pending = ['_request-1'];
      expect(
        outcome(() =>
          readAsService(xml, { takePending: (id) => pending.splice(pending.indexOf(id), 1).length > 0 }),
        ),
      ).toBe(reason ?? 'reference');
      expect(pending).toEqual(['_request-1']);
    });
  });

  it('is refused, too, where two parts have the same ID and each reader may take another', () => {
    const sameIds = (xml: string): string => xml.replaceAll('_evil-', '_').replaceAll('_evil', '_');
    for (const { name, xml } of [...attacks, ...variations]) {
      expect(
        outcome(() => readAsService(sameIds(xml))),
        name,
      ).toMatch(/^(reference|shape)$/);
    }
    // A root with the signature and the ID it refers to: only the second holder of the ID is in the way.
    const twin = afterIssuer(
      sameIds(evilResponse),
      responseSignature.replace('</ds:KeyInfo>', `${innerResponse}</ds:KeyInfo>`),
    );
    expect(outcome(() => readAsService(twin))).toBe('reference');
    for (const other of ['Id', 'id', 'xml:id', 'samlp:ID']) {
      const disguised = signedResponse.replace('<ds:KeyInfo>', `<ds:KeyInfo ${other}="_response-1">`);
      expect(
        outcome(() => readAsService(disguised)),
        other,
      ).toBe('reference');
    }
  });

  it('is refused even where it changes nothing: a signature has one place', () => {
    const inStatus = innerResponse.replace('</samlp:Status>', `${responseSignature}</samlp:Status>`);
    expect(outcome(() => readAsService(inStatus))).toBe('reference');
    const twice = afterIssuer(innerResponse, responseSignature + responseSignature);
    expect(outcome(() => readAsService(twice))).toBe('reference');
  });

  describe.skipIf(!needs('xmlsec1'))('as xmlsec1 sees it', () => {
    // It judges the signature, and that holds; where the signed part stands is not its matter.
    it.each([
      [1, false],
      [2, true],
      [3, true],
      [4, true],
      [5, true],
      [6, false],
      [7, true],
      [8, false],
    ] as const)('XSW%i: %s', async (number, holds) => {
      const xml = attacks[number - 1]?.xml ?? '';
      const { exitCode } = await askJudge(
        'xmlsec1',
        [
          '--verify',
          '--pubkey-cert-pem',
          'certificate.pem',
          '--id-attr:ID',
          'urn:oasis:names:tc:SAML:2.0:protocol:Response',
          '--id-attr:ID',
          'urn:oasis:names:tc:SAML:2.0:assertion:Assertion',
          'message.xml',
        ],
        { files: { 'certificate.pem': certificatePem(providerKey.certificate), 'message.xml': xml } },
      );
      expect(exitCode === 0).toBe(holds);
    });
  });
});

/** The same response with the signature over the Assertion instead of the Response. */
function withSignedAssertion(response: string): string {
  const path = "//*[local-name(.)='Assertion']";
  const signer = new SignedXml({
    privateKey: providerKey.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    publicCert: certificatePem(providerKey.certificate),
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  });
  signer.addReference({
    xpath: path,
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: [
      'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
      'http://www.w3.org/2001/10/xml-exc-c14n#',
    ],
  });
  signer.computeSignature(unsigned(response), {
    prefix: 'ds',
    location: { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' },
  });
  // The Assertion must stand alone when it is cut out: its namespaces come along.
  return signer
    .getSignedXml()
    .replace('<saml:Assertion ', '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ');
}
