import { describe, expect, it } from 'vitest';
import {
  type AuthnRequestExpectation,
  type AuthnRequestToWrite,
  MemoryReplayGuard,
  messageField,
  readAuthnRequest,
  type SamlKey,
  writeAuthnRequest,
} from '../../../electron/sandbox/saml/index.ts';
import { now, outcome, resigned, unsigned } from './exchange.ts';
import { later, provider, providerKey, service, serviceKey, strangersKey } from './parties.ts';

const other = { entityId: 'https://127.0.0.3/other', acs: 'https://127.0.0.3/acs' };

const genuine = (changes: Partial<AuthnRequestToWrite> = {}, key: SamlKey = serviceKey): string =>
  writeAuthnRequest(
    {
      id: '_request-1',
      issueInstant: now,
      destination: provider.sso,
      issuer: service.entityId,
      assertionConsumerServiceUrl: service.acs,
      ...changes,
    },
    key,
  );

const read = (xml: string, changes: Partial<AuthnRequestExpectation> = {}) =>
  readAuthnRequest(messageField(xml), {
    now,
    destination: provider.sso,
    serviceProvider: (issuer) => {
      if (issuer === service.entityId)
        return { certificates: [serviceKey.certificate], assertionConsumerServiceUrls: [service.acs] };
      if (issuer === other.entityId)
        return { certificates: [strangersKey.certificate], assertionConsumerServiceUrls: [other.acs] };
      return undefined;
    },
    used: new MemoryReplayGuard(() => now),
    ...changes,
  });
const reason = (...given: Parameters<typeof read>) => outcome(() => read(...given));
const changed = (from: string | RegExp, to: string) =>
  reason(resigned(genuine(), (text) => text.replace(from, to), serviceKey));

describe('a request for sign-in', () => {
  it('says who asks, and what for', () => {
    expect(read(genuine())).toEqual({
      id: '_request-1',
      issuer: service.entityId,
      issueInstant: now,
      assertionConsumerServiceUrl: service.acs,
      forceAuthn: false,
      isPassive: false,
    });
    expect(read(genuine({ forceAuthn: true, isPassive: false }))).toMatchObject({
      forceAuthn: true,
      isPassive: false,
    });
    expect(read(genuine({ forceAuthn: false, isPassive: true }))).toMatchObject({
      forceAuthn: false,
      isPassive: true,
    });
    const ones = resigned(
      genuine({ forceAuthn: true, isPassive: true }),
      (text) => text.replace('"true"', '"1"'),
      serviceKey,
    );
    expect(read(ones)).toMatchObject({ forceAuthn: true, isPassive: true });
  });

  it('is refused unless the service that asks signed it', () => {
    expect(reason(unsigned(genuine()))).toBe('signature-missing');
    expect(reason(genuine({}, providerKey))).toBe('wrong-key');
    // A service that is known cannot speak for another one.
    expect(reason(genuine({}, strangersKey))).toBe('wrong-key');
    expect(reason(genuine({ issuer: other.entityId }))).toBe('wrong-key');
    expect(reason(genuine({ issuer: 'https://127.0.0.9/nobody' }))).toBe('issuer');
    expect(reason(genuine().replace('ID="_request-1"', 'ID="_request-2"'))).toBe('reference');
    expect(reason(genuine().replace(service.acs, other.acs))).toBe('signature-invalid');
    expect(reason(genuine().replace('AllowCreate="true"', 'AllowCreate="1"'))).toBe('signature-invalid');
  });

  it('is refused when the answer would go elsewhere', () => {
    expect(reason(genuine({ assertionConsumerServiceUrl: 'https://evil.example/acs' }))).toBe(
      'assertion-consumer-service',
    );
    expect(reason(genuine({ assertionConsumerServiceUrl: other.acs }))).toBe('assertion-consumer-service');
    expect(reason(genuine({ assertionConsumerServiceUrl: `${service.acs}#` }))).toBe(
      'assertion-consumer-service',
    );
    expect(changed(/ AssertionConsumerServiceURL="[^"]*"/, '')).toBe('assertion-consumer-service');
    expect(changed(/ AssertionConsumerServiceURL="[^"]*"/, ' AssertionConsumerServiceIndex="0"')).toBe(
      'assertion-consumer-service',
    );
    expect(changed('HTTP-POST', 'HTTP-Artifact')).toBe('shape');
    expect(changed(/ ProtocolBinding="[^"]*"/, '')).toBe('taken');
  });

  it('is refused when it is for another address or another time', () => {
    expect(reason(genuine({ destination: `${provider.sso}/` }))).toBe('destination');
    expect(changed(/ Destination="[^"]*"/, '')).toBe('destination');
    expect(changed('Version="2.0"', 'Version="1.1"')).toBe('version');
    expect(reason(genuine({ issueInstant: later(now, 2) }))).toBe('taken');
    expect(reason(genuine({ issueInstant: later(now, 2.001) }))).toBe('too-new');
    expect(reason(genuine({ issueInstant: later(now, 180) }))).toBe('too-new');
    expect(reason(genuine({ issueInstant: later(now, -11.999) }))).toBe('taken');
    expect(reason(genuine({ issueInstant: later(now, -12) }))).toBe('expired');
  });

  it('is refused without the name policy that MPass demands', () => {
    expect(changed(/<samlp:NameIDPolicy [^>]*>/, '')).toBe('shape');
    expect(changed(' AllowCreate="true"', '')).toBe('shape');
    expect(changed(' AllowCreate="true"', ' AllowCreate="false"')).toBe('shape');
    expect(changed(' AllowCreate="true"', ' AllowCreate="yes"')).toBe('shape');
    expect(changed(/ Format="[^"]*"/, '')).toBe('taken');
    expect(changed('nameid-format:unspecified', 'nameid-format:emailAddress')).toBe('shape');
  });

  it('is refused when it asks for more than is known here', () => {
    expect(changed('<samlp:NameIDPolicy', '<samlp:Extensions/><samlp:NameIDPolicy')).toBe('shape');
    expect(changed('</samlp:AuthnRequest>', '<samlp:Scoping/></samlp:AuthnRequest>')).toBe('shape');
    expect(changed(' ID="_request-1"', ' ID="_request-1" IsPassive="maybe"')).toBe('shape');
    expect(reason(genuine().replaceAll('AuthnRequest', 'LogoutRequest'))).toBe('shape');
  });

  it('is refused when it comes again, and remembered as long as it would be believed', () => {
    const used = new MemoryReplayGuard(() => now);
    expect(reason(genuine(), { used })).toBe('taken');
    expect(reason(genuine(), { used })).toBe('replayed');
    // Another service may happen on the same ID.
    const twin = genuine({ issuer: other.entityId, assertionConsumerServiceUrl: other.acs }, strangersKey);
    expect(reason(twin, { used })).toBe('taken');
    const taken: [string, Date][] = [];
    read(genuine(), { used: { take: (id, until) => taken.push([id, until]) > 0 } });
    expect(taken).toEqual([[`${service.entityId} _request-1`, new Date('2026-03-02T08:12:00Z')]]);
  });

  it('is not used up by one that is refused', () => {
    const used = new MemoryReplayGuard(() => now);
    expect(reason(genuine({ assertionConsumerServiceUrl: other.acs }), { used })).toBe(
      'assertion-consumer-service',
    );
    expect(reason(genuine({}, strangersKey), { used })).toBe('wrong-key');
    expect(reason(genuine(), { used })).toBe('taken');
  });
});

describe('the memory of what was used', () => {
  it('forgets what is too old to be believed anyway', () => {
    let time = now;
    const guard = new MemoryReplayGuard(() => time);
    expect(guard.take('a', later(now, 1))).toBe(true);
    time = later(now, 0.999);
    expect(guard.take('a', later(now, 1))).toBe(false);
    time = later(now, 1);
    expect(guard.take('a', later(now, 2))).toBe(true);
  });
});
