import { describe, expect, it } from 'vitest';
import { MemoryReplayGuard, messageField } from '../../../electron/sandbox/saml/index.ts';
import {
  genuineName,
  genuineResponse,
  now,
  outcome,
  readAsService,
  readFieldAsService,
  requestId,
  resigned,
  unsigned,
} from './exchange.ts';
import { later, provider, providerKey, service, smartcard, strangersKey } from './parties.ts';

const genuine = genuineResponse();
const read = (xml: string, ...more: unknown[]) =>
  outcome(() => readAsService(xml, ...(more as [Parameters<typeof readAsService>[1]])));

describe('a genuine response', () => {
  it('says who signed in, with everything around it', () => {
    const answered = readAsService(
      genuineResponse(
        {},
        {
          subjectAddress: '127.0.0.1',
          attributes: {
            FirstName: ['Ștefan'],
            AdministeredLegalEntity: ['„Vinăria <&> Fiii” SRL 1003600000017', 'Întreprinderea 1003600000028'],
            MobilePhone: [],
            EmailAddress: [''],
            ['__proto__']: ['polluted'],
          },
        },
      ),
    );
    expect(answered).toEqual({
      status: 'success',
      inResponseTo: requestId,
      identity: {
        nameId: genuineName,
        sessionIndex: 'session-1',
        sessionNotOnOrAfter: new Date('2026-03-02T09:00:00Z'),
        authnInstant: new Date('2026-03-02T07:59:00Z'),
        authnContextClassRef: smartcard,
        subjectAddress: '127.0.0.1',
        attributes: {
          FirstName: ['Ștefan'],
          AdministeredLegalEntity: ['„Vinăria <&> Fiii” SRL 1003600000017', 'Întreprinderea 1003600000028'],
          MobilePhone: [],
          EmailAddress: [''],
          ['__proto__']: ['polluted'],
        },
      },
    });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each([
    ['a cancelled sign-in', 'Responder', 'AuthnFailed'],
    ['a passive sign-in without session', 'Responder', 'NoPassive'],
    ['a refusal', 'Requester', 'RequestDenied'],
    ['another version', 'VersionMismatch', undefined],
  ] as const)('says that there was none: %s', (_what, code, subcode) => {
    const xml = genuineResponse({
      status: { code, ...(subcode && { subcode }), message: 'anulat' },
      assertion: undefined as never,
    });
    expect(readAsService(xml)).toEqual({
      status: 'failure',
      inResponseTo: requestId,
      code,
      ...(subcode && { subcode }),
      message: 'anulat',
    });
  });

  it('is taken in the forms in which others write it', () => {
    const lines = messageField(genuine).replace(/.{76}/g, '$&\r\n');
    expect(outcome(() => readFieldAsService(lines))).toBe('taken');
    expect(read(`\ufeff<?xml version='1.0' encoding='UTF-8'?>\n${genuine}\n`)).toBe('taken');
    expect(
      read(resigned(genuine, (text) => text.replace(/(IssueInstant="[^"]*)\.000Z/g, '$1.1234567Z'))),
    ).toBe('taken');
    expect(read(resigned(genuine, (text) => text.replace(/><saml:/g, '>\n  <saml:')))).toBe('taken');
  });
});

describe('acceptance tests of MPass', () => {
  it('TC_SEC_01: refuses an unsigned response', () => {
    expect(read(unsigned(genuine))).toBe('signature-missing');
  });

  it('TC_SEC_02: refuses a response signed with another certificate', () => {
    expect(read(genuineResponse({}, {}, strangersKey))).toBe('wrong-key');
    // Also when it carries the genuine certificate: KeyInfo proves nothing.
    const certificateOf = (xml: string) =>
      /<ds:X509Certificate>.*<\/ds:X509Certificate>/.exec(xml)?.[0] ?? '';
    const disguised = genuineResponse({}, {}, strangersKey).replace(
      /<ds:X509Certificate>.*<\/ds:X509Certificate>/,
      certificateOf(genuine),
    );
    expect(certificateOf(disguised)).toBe(certificateOf(genuine));
    expect(read(disguised)).toBe('signature-invalid');
  });

  it('TC_SEC_03: refuses an expired response', () => {
    expect(read(genuine, { now: later(now, 13) })).toBe('expired');
    const short = { notOnOrAfter: later(now, -3) };
    expect(read(genuineResponse({}, short))).toBe('expired');
  });

  it('TC_SEC_04: refuses a response of the future, as local time written for UTC is one', () => {
    const local = later(now, 120);
    expect(read(genuineResponse({ issueInstant: local }))).toBe('too-new');
    expect(read(genuineResponse({}, { notBefore: local, notOnOrAfter: later(local, 10) }))).toBe('too-new');
    expect(read(genuineResponse({}, { authnInstant: local }))).toBe('too-new');
  });

  it('TC_SEC_05: refuses a response without Destination', () => {
    expect(read(resigned(genuine, (text) => text.replace(/ Destination="[^"]*"/, '')))).toBe('destination');
  });

  it('TC_SEC_06: refuses a response without InResponseTo', () => {
    const [onResponse, onSubject] = [
      /(<samlp:Response [^>]*) InResponseTo="[^"]*"/,
      /(Data) InResponseTo="[^"]*"/,
    ];
    expect(read(resigned(genuine, (text) => text.replace(onResponse, '$1')))).toBe('in-response-to');
    expect(read(resigned(genuine, (text) => text.replace(onSubject, '$1')))).toBe('in-response-to');
    expect(read(resigned(genuine, (text) => text.replace(/ InResponseTo="[^"]*"/g, '')))).toBe(
      'in-response-to',
    );
  });

  it('TC_SEC_07: refuses a response to a request that was never made', () => {
    expect(read(genuineResponse({ inResponseTo: '_never-made' }))).toBe('in-response-to');
  });
});

describe('a response that is not for here, not for now, or says two things', () => {
  const swapped = (from: string | RegExp, to: string) =>
    read(resigned(genuine, (text) => text.replace(from, to)));

  it('is for another address', () => {
    expect(read(genuineResponse({ destination: `${service.acs}/` }))).toBe('destination');
    expect(read(genuineResponse({ destination: service.acs.toUpperCase() }))).toBe('destination');
    expect(read(genuineResponse({}, { recipient: `${service.acs}?x` }))).toBe('recipient');
    expect(swapped(/ Recipient="[^"]*"/, '')).toBe('recipient');
  });

  it('is for another service', () => {
    expect(read(genuineResponse({}, { audience: 'https://127.0.0.3/other' }))).toBe('audience');
    expect(swapped(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, '')).toBe('audience');
    expect(swapped(/<saml:Audience>.*<\/saml:Audience>/, '')).toBe('audience');
    expect(swapped('</saml:Audience>', '</saml:Audience><saml:Audience>https://other</saml:Audience>')).toBe(
      'taken',
    );
    // Every restriction must hold, and one that we do not know cannot be kept.
    const second =
      '<saml:AudienceRestriction><saml:Audience>https://other</saml:Audience></saml:AudienceRestriction>';
    expect(swapped('</saml:Conditions>', `${second}</saml:Conditions>`)).toBe('shape');
    expect(swapped('</saml:Conditions>', '<saml:ProxyRestriction Count="0"/></saml:Conditions>')).toBe(
      'shape',
    );
  });

  it('is of another issuer, wholly or in part', () => {
    expect(read(genuineResponse({ issuer: 'https://127.0.0.9/meta' }))).toBe('issuer');
    expect(swapped(`<saml:Issuer>${provider.entityId}`, '<saml:Issuer>https://other')).toBe('issuer');
    expect(swapped(/(.*)<saml:Issuer>[^<]*/s, '$1<saml:Issuer>https://other')).toBe('issuer');
    expect(
      swapped(
        '<saml:Issuer>',
        '<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">',
      ),
    ).toBe('issuer');
    expect(outcome(() => readAsService(genuine, { issuer: 'https://other' }))).toBe('issuer');
  });

  it('is of another version', () => {
    expect(swapped('Version="2.0"', 'Version="1.1"')).toBe('version');
    expect(swapped(/(.*) Version="2.0"/s, '$1 Version="2.1"')).toBe('version');
  });

  it('answers two requests', () => {
    expect(swapped(/(Data) InResponseTo="[^"]*"/, '$1 InResponseTo="_request-2"')).toBe('in-response-to');
  });

  it('stands at the borders of its time, two minutes being forgiven', () => {
    const minutes = (count: number) => later(now, count);
    const second = (date: Date, count: number) => new Date(date.getTime() + count * 1000);
    // NotOnOrAfter and the age of the message end together, after 10 minutes.
    expect(read(genuine, { now: second(minutes(12), -1) })).toBe('taken');
    expect(read(genuine, { now: minutes(12) })).toBe('expired');
    expect(read(genuineResponse({}, { notOnOrAfter: minutes(90) }), { now: minutes(12) })).toBe('expired');
    expect(read(genuine, { now: second(minutes(-2), 0) })).toBe('taken');
    expect(read(genuine, { now: second(minutes(-2), -1) })).toBe('too-new');
    // The session itself is over when it is over.
    expect(read(genuineResponse({}, { sessionNotOnOrAfter: now }))).toBe('session-expired');
    expect(read(genuineResponse({}, { sessionNotOnOrAfter: second(now, 1) }))).toBe('taken');
  });

  it('has times that are none', () => {
    for (const time of [
      '2026-03-02T08:00:00',
      '2026-03-02T10:00:00+02:00',
      '2026-02-30T08:00:00Z',
      'now',
      '',
    ]) {
      expect(swapped(/IssueInstant="[^"]*"/, `IssueInstant="${time}"`), time).toBe('shape');
    }
    for (const name of ['NotBefore', 'NotOnOrAfter', 'SessionNotOnOrAfter', 'SessionIndex', 'AuthnInstant']) {
      expect(swapped(new RegExp(` ${name}="[^"]*"`), ''), name).toBe('shape');
    }
    expect(
      swapped(
        '<saml:SubjectConfirmationData',
        `<saml:SubjectConfirmationData NotBefore="${now.toISOString()}"`,
      ),
    ).toBe('shape');
  });

  it('has a status that contradicts what it carries', () => {
    const status = (code: string) =>
      swapped(
        /<samlp:StatusCode [^>]*>/,
        `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${code}"/>`,
      );
    expect(status('Responder')).toBe('shape');
    expect(status('success')).toBe('status');
    expect(status('')).toBe('status');
    expect(swapped(/<samlp:Status>.*<\/samlp:Status>/, '')).toBe('shape');
    expect(swapped(/<saml:Assertion .*<\/saml:Assertion>/, '')).toBe('shape');
  });

  it('carries two assertions, or something else than one', () => {
    const assertion = /<saml:Assertion .*<\/saml:Assertion>/.exec(genuine)?.[0] ?? '';
    const other = assertion.replace('_assertion-1', '_assertion-2');
    expect(swapped(assertion, assertion + other)).toBe('shape');
    expect(swapped(assertion, '<saml:EncryptedAssertion/>')).toBe('shape');
    expect(swapped('</saml:NameID>', '</saml:NameID><saml:NameID>1</saml:NameID>')).toBe('shape');
    expect(swapped('2003004123456', '2003004123456<x xmlns="urn:x">7</x>')).toBe('shape');
    expect(swapped('<saml:Subject>', 'text<saml:Subject>')).toBe('shape');
    expect(swapped(':cm:bearer', ':cm:sender-vouches')).toBe('shape');
    expect(swapped('Name="LastName"', 'Name="FirstName"')).toBe('shape');
    expect(swapped(genuineName, '')).toBe('shape');
    expect(swapped(genuineName, '1'.repeat(129))).toBe('shape');
    expect(swapped('ID="_response-1"', 'ID="1"')).toBe('shape');
  });

  it('is none', () => {
    const request = resigned(genuine, (text) => text.replaceAll('samlp:Response', 'samlp:ArtifactResponse'));
    expect(read(request)).toBe('shape');
    const elsewhere = genuine.replace(
      'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"',
      'xmlns:samlp="urn:x"',
    );
    expect(read(elsewhere)).toBe('shape');
  });
});

describe('a response that comes again', () => {
  const reading = () => ({ pending: [requestId], used: new MemoryReplayGuard(() => now) });

  it('is refused', () => {
    const at = reading();
    expect(outcome(() => readAsService(genuine, {}, at))).toBe('taken');
    expect(at.pending).toEqual([]);
    expect(outcome(() => readAsService(genuine, {}, at))).toBe('replayed');
    // Even if the same request were still open, and in another envelope.
    at.pending.push(requestId);
    expect(outcome(() => readAsService(genuine, {}, at))).toBe('replayed');
    expect(outcome(() => readAsService(genuineResponse({ id: '_response-2' }), {}, at))).toBe('replayed');
    expect(at.pending).toEqual([requestId]);
  });

  it('is refused by what was asked alone, when the memory of it is lost', () => {
    const at = reading();
    readAsService(genuine, {}, at);
    expect(outcome(() => readAsService(genuine, { used: new MemoryReplayGuard() }, at))).toBe(
      'in-response-to',
    );
  });

  it('is remembered for as long as it would be believed', () => {
    const taken: [string, Date][] = [];
    const used = { take: (id: string, until: Date) => taken.push([id, until]) > 0 };
    readAsService(genuineResponse({}, { notOnOrAfter: later(now, 30) }), { used });
    // 30 minutes and the forgiven two.
    expect(taken).toEqual([[`${provider.entityId} _assertion-1`, new Date('2026-03-02T08:32:00Z')]]);
  });

  it('ends the wait only when everything else is good', () => {
    const bad = [
      unsigned(genuine),
      genuineResponse({}, {}, strangersKey),
      genuineResponse({ destination: 'https://other' }),
      genuineResponse({}, { audience: 'https://other' }),
      genuineResponse({}, { recipient: 'https://other' }),
      genuineResponse({}, { sessionNotOnOrAfter: now }),
      genuine.replace(genuineName, '2009009999999'),
    ];
    const at = reading();
    for (const xml of bad) expect(outcome(() => readAsService(xml, {}, at))).not.toBe('taken');
    expect(at.pending).toEqual([requestId]);
    expect(readAsService(genuine, {}, at)).toMatchObject({ status: 'success' });
  });
});

describe('the provider changes its key', () => {
  it('and both are believed while both are known', () => {
    const both = { certificates: [strangersKey.certificate, providerKey.certificate] };
    expect(read(genuine, both)).toBe('taken');
    expect(read(genuineResponse({}, {}, strangersKey), both)).toBe('taken');
    expect(read(genuine, { certificates: [] })).toBe('wrong-key');
  });
});
