import { describe, expect, it } from 'vitest';
import {
  type LogoutRequestExpectation,
  type LogoutRequestToWrite,
  type LogoutResponseExpectation,
  type LogoutResponseToWrite,
  MemoryReplayGuard,
  messageField,
  readLogoutRequest,
  readLogoutResponse,
  type SamlKey,
  writeLogoutRequest,
  writeLogoutResponse,
} from '../../../electron/sandbox/saml/index.ts';
import { now, outcome, resigned, unsigned } from './exchange.ts';
import { later, provider, providerKey, service, serviceKey, strangersKey } from './parties.ts';

/** Sign-out both ways: by the service at the provider, and by the provider at the service. */

const ways = [
  { way: 'by the service', from: service.entityId, key: serviceKey, to: provider.slo, others: providerKey },
  { way: 'by the provider', from: provider.entityId, key: providerKey, to: service.slo, others: serviceKey },
] as const;

describe.each(ways)('a request for sign-out $way', ({ from, key, to, others }) => {
  const genuine = (changes: Partial<LogoutRequestToWrite> = {}, by: SamlKey = key): string =>
    writeLogoutRequest(
      {
        id: '_logout-1',
        issueInstant: now,
        destination: to,
        issuer: from,
        nameId: '2003004123456',
        sessionIndex: 'session-1',
        notOnOrAfter: later(now, 5),
        ...changes,
      },
      by,
    );
  const read = (xml: string, changes: Partial<LogoutRequestExpectation> = {}) =>
    readLogoutRequest(messageField(xml), {
      now,
      destination: to,
      certificatesOf: (issuer) => (issuer === from ? [key.certificate] : undefined),
      used: new MemoryReplayGuard(() => now),
      ...changes,
    });
  const reason = (...given: Parameters<typeof read>) => outcome(() => read(...given));
  const changed = (pattern: string | RegExp, text: string) =>
    reason(resigned(genuine(), (xml) => xml.replace(pattern, text), key));

  it('says who, and which session', () => {
    expect(read(genuine())).toEqual({
      id: '_logout-1',
      issuer: from,
      issueInstant: now,
      nameId: '2003004123456',
      sessionIndexes: ['session-1'],
      reason: 'urn:oasis:names:tc:SAML:2.0:logout:user',
    });
    const two = resigned(
      genuine({ reason: 'urn:oasis:names:tc:SAML:2.0:logout:admin' }),
      (xml) => xml.replace('</samlp:SessionIndex>', '$&<samlp:SessionIndex>session-2</samlp:SessionIndex>'),
      key,
    );
    expect(read(two)).toMatchObject({
      sessionIndexes: ['session-1', 'session-2'],
      reason: 'urn:oasis:names:tc:SAML:2.0:logout:admin',
    });
    const bare = resigned(genuine(), (xml) => xml.replace(/ (NotOnOrAfter|Reason)="[^"]*"/g, ''), key);
    expect(read(bare)).not.toHaveProperty('reason');
  });

  it('is refused unless signed by who asks', () => {
    expect(reason(unsigned(genuine()))).toBe('signature-missing');
    expect(reason(genuine({}, others))).toBe('wrong-key');
    expect(reason(genuine({}, strangersKey))).toBe('wrong-key');
    expect(reason(genuine({ issuer: 'https://127.0.0.9/nobody' }))).toBe('issuer');
    expect(reason(genuine().replace('2003004123456', '2009009999999'))).toBe('signature-invalid');
  });

  it('is refused when it is for elsewhere, too old, too new, or again', () => {
    expect(reason(genuine({ destination: 'https://127.0.0.9/slo' }))).toBe('destination');
    expect(changed(/ Destination="[^"]*"/, '')).toBe('destination');
    expect(changed('Version="2.0"', 'Version="2.1"')).toBe('version');
    // NotOnOrAfter after 5 minutes, two being forgiven; the age after 10.
    expect(reason(genuine(), { now: later(now, 6.99) })).toBe('taken');
    expect(reason(genuine(), { now: later(now, 7) })).toBe('expired');
    expect(reason(genuine({ notOnOrAfter: later(now, 60) }), { now: later(now, 11.99) })).toBe('taken');
    expect(reason(genuine({ notOnOrAfter: later(now, 60) }), { now: later(now, 12) })).toBe('expired');
    expect(reason(genuine({ issueInstant: later(now, 120) }))).toBe('too-new');
    expect(changed(/ NotOnOrAfter="[^"]*"/, ' NotOnOrAfter="later"')).toBe('shape');
    const used = new MemoryReplayGuard(() => now);
    expect(reason(genuine(), { used })).toBe('taken');
    expect(reason(genuine(), { used })).toBe('replayed');
  });

  it('is remembered as long as it would be believed', () => {
    const taken: [string, Date][] = [];
    const used = { take: (id: string, until: Date) => taken.push([id, until]) > 0 };
    read(genuine({ notOnOrAfter: later(now, 60) }), { used });
    read(genuine(), { used });
    expect(taken).toEqual([
      [`${from} _logout-1`, new Date('2026-03-02T09:02:00Z')],
      [`${from} _logout-1`, new Date('2026-03-02T08:12:00Z')],
    ]);
  });

  it('is refused without a name or a session', () => {
    expect(changed(/<saml:NameID .*<\/saml:NameID>/, '')).toBe('shape');
    expect(changed('2003004123456', '')).toBe('shape');
    expect(changed(/<samlp:SessionIndex>.*<\/samlp:SessionIndex>/, '')).toBe('shape');
    expect(changed('session-1', '')).toBe('shape');
    expect(changed('</samlp:LogoutRequest>', '<samlp:Extensions/></samlp:LogoutRequest>')).toBe('shape');
    expect(reason(genuine().replaceAll('LogoutRequest', 'LogoutResponse'))).toBe('shape');
  });
});

describe.each(ways)('the answer to a sign-out $way', ({ from, key, to, others }) => {
  const genuine = (changes: Partial<LogoutResponseToWrite> = {}, by: SamlKey = key): string =>
    writeLogoutResponse(
      {
        id: '_answer-1',
        issueInstant: now,
        destination: to,
        issuer: from,
        inResponseTo: '_logout-9',
        status: { code: 'Success' },
        ...changes,
      },
      by,
    );
  const read = (xml: string, changes: Partial<LogoutResponseExpectation> = {}) =>
    readLogoutResponse(messageField(xml), {
      now,
      destination: to,
      certificatesOf: (issuer) => (issuer === from ? [key.certificate] : undefined),
      takePending: (id, issuer) => id === '_logout-9' && issuer === from,
      used: new MemoryReplayGuard(() => now),
      ...changes,
    });
  const reason = (...given: Parameters<typeof read>) => outcome(() => read(...given));
  const changed = (pattern: string | RegExp, text: string) =>
    reason(resigned(genuine(), (xml) => xml.replace(pattern, text), key));

  it('says how it went', () => {
    expect(read(genuine())).toEqual({
      id: '_answer-1',
      issuer: from,
      inResponseTo: '_logout-9',
      status: { code: 'Success' },
    });
    const partial = { code: 'Responder', subcode: 'PartialLogout', message: 'one is left' } as const;
    expect(read(genuine({ status: partial })).status).toEqual(partial);
  });

  it('is refused like any other message', () => {
    expect(reason(unsigned(genuine()))).toBe('signature-missing');
    expect(reason(genuine({}, others))).toBe('wrong-key');
    expect(reason(genuine({ issuer: 'https://127.0.0.9/nobody' }))).toBe('issuer');
    expect(reason(genuine({ destination: 'https://127.0.0.9/slo' }))).toBe('destination');
    expect(changed(/ Destination="[^"]*"/, '')).toBe('destination');
    expect(reason(genuine(), { now: later(now, 12) })).toBe('expired');
    expect(reason(genuine({ issueInstant: later(now, 120) }))).toBe('too-new');
    expect(changed(/:status:Success/, ':status:Fine')).toBe('status');
    expect(changed('</samlp:Status>', '</samlp:Status><samlp:Status/>')).toBe('shape');
    expect(reason(genuine().replaceAll('LogoutResponse', 'LogoutRequest'))).toBe('shape');
  });

  it('is refused unless it answers what was asked, once', () => {
    expect(reason(genuine({ inResponseTo: '_logout-8' }))).toBe('in-response-to');
    expect(changed(/ InResponseTo="[^"]*"/, '')).toBe('in-response-to');
    const used = new MemoryReplayGuard(() => now);
    expect(reason(genuine(), { used })).toBe('taken');
    expect(reason(genuine(), { used })).toBe('replayed');
  });

  it('ends the wait only when everything else is good', () => {
    const asked: string[] = [];
    const takePending = (id: string) => asked.push(id) > 0;
    for (const bad of [
      unsigned(genuine()),
      genuine({}, strangersKey),
      genuine({ destination: 'https://127.0.0.9/slo' }),
      genuine({ issueInstant: later(now, -60) }),
    ]) {
      expect(reason(bad, { takePending })).not.toBe('taken');
    }
    expect(asked).toEqual([]);
    expect(reason(genuine(), { takePending })).toBe('taken');
    expect(asked).toEqual(['_logout-9']);
  });
});
