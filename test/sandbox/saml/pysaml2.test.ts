import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  MemoryReplayGuard,
  messageField,
  readAuthnRequest,
  readLogoutRequest,
  readLogoutResponse,
  readResponse,
  writeAuthnRequest,
  writeLogoutRequest,
  writeLogoutResponse,
  writeProviderMetadata,
  writeResponse,
  writeServiceMetadata,
} from '../../../electron/sandbox/saml/index.ts';
import { needs } from '../../run/needs.ts';
import { later, provider, providerKey, service, serviceKey, smartcard } from './parties.ts';
import { type Job, Pysaml2Peer, type Pysaml2Side } from './pysaml2-peer.ts';

/** pysaml2 as a foreign service of our provider, and as a foreign provider of our service. */

interface Posted {
  readonly id: string;
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly request: unknown;
}

const success = 'urn:oasis:names:tc:SAML:2.0:status:Success';
const used = new MemoryReplayGuard();

const serviceSide: Pysaml2Side = {
  role: 'sp',
  entity: service.entityId,
  endpoints: { acs: service.acs, slo: service.slo },
  key: serviceKey,
  peerMetadata: writeProviderMetadata({
    entityId: provider.entityId,
    singleSignOnUrl: provider.sso,
    singleLogoutUrl: provider.slo,
    key: providerKey,
  }),
};
const providerSide: Pysaml2Side = {
  role: 'idp',
  entity: provider.entityId,
  endpoints: { sso: provider.sso, slo: provider.slo },
  key: providerKey,
  peerMetadata: writeServiceMetadata({
    entityId: service.entityId,
    assertionConsumerServiceUrl: service.acs,
    singleLogoutUrl: service.slo,
    key: serviceKey,
  }),
};

const ask = async (peer: Pysaml2Peer, job: Job): Promise<Posted> => (await peer.ask(job)) as Posted;
const certificatesOf = (entity: string, key: { readonly certificate: Uint8Array }) => (issuer: string) =>
  issuer === entity ? [key.certificate] : undefined;

describe.skipIf(!needs('python-judges') || !needs('xmlsec1'))('pysaml2', { timeout: 60_000 }, () => {
  let foreignService: Pysaml2Peer;
  let foreignProvider: Pysaml2Peer;
  beforeAll(() => {
    foreignService = new Pysaml2Peer(serviceSide);
    foreignProvider = new Pysaml2Peer(providerSide);
  });
  afterAll(async () => {
    await Promise.all([foreignService.stop(), foreignProvider.stop()]);
  });

  describe('as a service of our provider', () => {
    it('asks for a sign-in that our provider reads, and takes the answer', async () => {
      const asked = await ask(foreignService, {
        step: 'request',
        peer: provider.entityId,
        force: true,
        relayState: 'state-1',
      });
      expect(asked.url).toBe(provider.sso);
      expect(asked.fields.RelayState).toBe('state-1');
      const now = new Date();
      const request = readAuthnRequest(asked.fields.SAMLRequest ?? '', {
        now,
        destination: provider.sso,
        serviceProvider: (issuer) =>
          issuer === service.entityId
            ? { certificates: [serviceKey.certificate], assertionConsumerServiceUrls: [service.acs] }
            : undefined,
        used,
      });
      expect(request).toMatchObject({
        id: asked.id,
        issuer: service.entityId,
        assertionConsumerServiceUrl: service.acs,
        forceAuthn: true,
        isPassive: false,
      });

      const until = later(now, 60);
      const answer = writeResponse(
        {
          destination: service.acs,
          issuer: provider.entityId,
          inResponseTo: request.id,
          status: { code: 'Success' },
          assertion: {
            nameId: '2003004123456',
            recipient: service.acs,
            notBefore: later(now, -1),
            notOnOrAfter: later(now, 10),
            audience: service.entityId,
            authnInstant: now,
            sessionIndex: 'session-1',
            sessionNotOnOrAfter: until,
            authnContextClassRef: smartcard,
            subjectAddress: '127.0.0.1',
            attributes: {
              FirstName: ['Ștefan'],
              LastName: ['Țurcanu-Crăciun'],
              AdministeredLegalEntity: ['„Vinăria & Fiii” SRL 1003600000017', 'Întreprindere 1003600000028'],
            },
          },
        },
        providerKey,
      );
      const message = messageField(answer);
      const job = { step: 'response', message };
      expect(await ask(foreignService, { ...job, outstanding: { [request.id]: 'here' } })).toEqual({
        name: '2003004123456',
        issuer: provider.entityId,
        attributes: {
          FirstName: ['Ștefan'],
          LastName: ['Țurcanu-Crăciun'],
          AdministeredLegalEntity: ['„Vinăria & Fiii” SRL 1003600000017', 'Întreprindere 1003600000028'],
        },
        sessionIndex: 'session-1',
        sessionUntil: Math.floor(until.getTime() / 1000),
        context: smartcard,
        inResponseTo: request.id,
        cameFrom: 'here',
      });

      // It looks, rather than nods: one that it did not ask for, and one that was changed.
      expect(await ask(foreignService, { ...job, outstanding: { _other: 'here' } })).toHaveProperty(
        'refused',
      );
      const forged = messageField(answer.replace('2003004123456', '2003004123457'));
      expect(
        await ask(foreignService, { ...job, message: forged, outstanding: { [request.id]: 'here' } }),
      ).toHaveProperty('refused');
    });

    it('understands that our provider says no', async () => {
      const answer = writeResponse(
        {
          destination: service.acs,
          issuer: provider.entityId,
          inResponseTo: '_asked',
          status: { code: 'Responder', subcode: 'AuthnFailed', message: 'cancelled' },
        },
        providerKey,
      );
      const message = messageField(answer);
      const said = await ask(foreignService, { step: 'response', message, outstanding: { _asked: '/' } });
      expect(said).toEqual({
        refused: expect.stringMatching(/^StatusAuthnFailed: [\s\S]*\ncancelled from /),
      });
    });

    it('signs out at our provider', async () => {
      const asked = await ask(foreignService, {
        step: 'logout-request',
        peer: provider.entityId,
        url: provider.slo,
        name: '2003004123456',
        session: 'session-1',
      });
      const request = readLogoutRequest(asked.fields.SAMLRequest ?? '', {
        now: new Date(),
        destination: provider.slo,
        certificatesOf: certificatesOf(service.entityId, serviceKey),
        used,
      });
      expect(request).toMatchObject({ id: asked.id, nameId: '2003004123456', sessionIndexes: ['session-1'] });
      const answer = writeLogoutResponse(
        {
          destination: service.slo,
          issuer: provider.entityId,
          inResponseTo: request.id,
          status: { code: 'Success' },
        },
        providerKey,
      );
      expect(await ask(foreignService, { step: 'logout-response', message: messageField(answer) })).toEqual({
        inResponseTo: asked.id,
        issuer: provider.entityId,
        status: success,
      });
    });

    it('is signed out by our provider', async () => {
      await answersLogout(foreignService, provider.entityId, providerKey, service);
    });
  });

  describe('as the provider of our service', () => {
    const request = (id: string) =>
      messageField(
        writeAuthnRequest(
          {
            id,
            destination: provider.sso,
            issuer: service.entityId,
            assertionConsumerServiceUrl: service.acs,
            forceAuthn: true,
          },
          serviceKey,
        ),
      );
    const read = (answered: Posted, id: string) =>
      readResponse(answered.fields.SAMLResponse ?? '', {
        now: new Date(),
        destination: service.acs,
        issuer: provider.entityId,
        certificates: [providerKey.certificate],
        audience: service.entityId,
        takePending: (inResponseTo) => inResponseTo === id,
        used,
      });

    it('reads our request and answers it so that our service believes it', async () => {
      const until = '2099-01-02T03:04:05Z';
      const answered = await ask(foreignProvider, {
        step: 'answer',
        message: request('_asked-by-us'),
        name: '2003004123456',
        attributes: { FirstName: ['Ștefan'], Gender: ['1'], AdministeredLegalEntity: ['A & B', 'C'] },
        until,
        context: smartcard,
        relayState: 'state-2',
      });
      expect(answered.request).toEqual({
        id: '_asked-by-us',
        issuer: service.entityId,
        acs: service.acs,
        destination: provider.sso,
        allowCreate: 'true',
        force: 'true',
        passive: null,
      });
      expect(answered.url).toBe(service.acs);
      expect(answered.fields.RelayState).toBe('state-2');
      expect(read(answered, '_asked-by-us')).toEqual({
        status: 'success',
        inResponseTo: '_asked-by-us',
        identity: {
          nameId: '2003004123456',
          sessionIndex: expect.stringMatching(/^\S{8,}$/),
          sessionNotOnOrAfter: new Date(until),
          authnInstant: expect.any(Date),
          authnContextClassRef: smartcard,
          attributes: { FirstName: ['Ștefan'], Gender: ['1'], AdministeredLegalEntity: ['A & B', 'C'] },
        },
      });
    });

    it('says no so that our service understands it', async () => {
      const answered = await ask(foreignProvider, {
        step: 'refuse',
        message: request('_asked-again'),
        subcode: 'urn:oasis:names:tc:SAML:2.0:status:NoPassive',
      });
      expect(read(answered, '_asked-again')).toMatchObject({
        status: 'failure',
        inResponseTo: '_asked-again',
        code: 'Responder',
        subcode: 'NoPassive',
      });
    });

    it('refuses a request that somebody else signed', async () => {
      const forged = writeAuthnRequest(
        {
          destination: provider.sso,
          issuer: service.entityId,
          assertionConsumerServiceUrl: service.acs,
        },
        providerKey,
      );
      const said = await ask(foreignProvider, {
        step: 'refuse',
        message: messageField(forged),
        subcode: 'urn:oasis:names:tc:SAML:2.0:status:NoPassive',
      });
      expect(said).toHaveProperty('refused');
    });

    it('signs out at our service', async () => {
      const asked = await ask(foreignProvider, {
        step: 'logout-request',
        peer: service.entityId,
        url: service.slo,
        name: '2003004123456',
        session: 'session-9',
      });
      const requested = readLogoutRequest(asked.fields.SAMLRequest ?? '', {
        now: new Date(),
        destination: service.slo,
        certificatesOf: certificatesOf(provider.entityId, providerKey),
        used,
      });
      expect(requested).toMatchObject({ id: asked.id, sessionIndexes: ['session-9'] });
      const answer = writeLogoutResponse(
        {
          destination: provider.slo,
          issuer: service.entityId,
          inResponseTo: requested.id,
          status: { code: 'Success' },
        },
        serviceKey,
      );
      expect(await ask(foreignProvider, { step: 'logout-response', message: messageField(answer) })).toEqual({
        inResponseTo: asked.id,
        issuer: service.entityId,
        status: success,
      });
    });

    it('is signed out by our service', async () => {
      await answersLogout(foreignProvider, service.entityId, serviceKey, provider);
    });
  });
});

/** Our side asks pysaml2's to sign out, and reads its answer. */
async function answersLogout(
  peer: Pysaml2Peer,
  ourEntity: string,
  ourKey: typeof serviceKey,
  theirs: { readonly entityId: string; readonly slo: string },
): Promise<void> {
  const ourSlo = peer.side.role === 'sp' ? provider.slo : service.slo;
  const notOnOrAfter = later(new Date(), 5);
  const answered = await ask(peer, {
    step: 'logout-answer',
    message: messageField(
      writeLogoutRequest(
        {
          id: '_logout',
          destination: theirs.slo,
          issuer: ourEntity,
          nameId: '2003004123456',
          sessionIndex: 'session-1',
          notOnOrAfter,
        },
        ourKey,
      ),
    ),
  });
  expect(answered.request).toEqual({
    id: '_logout',
    issuer: ourEntity,
    name: '2003004123456',
    sessions: ['session-1'],
    until: notOnOrAfter.toISOString(),
    reason: 'urn:oasis:names:tc:SAML:2.0:logout:user',
  });
  expect(answered.url).toBe(ourSlo);
  const read = readLogoutResponse(answered.fields.SAMLResponse ?? '', {
    now: new Date(),
    destination: ourSlo,
    certificatesOf: certificatesOf(theirs.entityId, peer.side.key),
    takePending: (id, issuer) => id === '_logout' && issuer === theirs.entityId,
    used,
  });
  expect(read).toMatchObject({
    issuer: theirs.entityId,
    inResponseTo: '_logout',
    status: { code: 'Success' },
  });
}
