/** Each simulated card on a real pcscd, recorded while it is used in every way, then replayed. */
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Trace } from '../../../../electron/contract/diagnostics/trace.ts';
import { isFailure } from '../../../../electron/contract/failures/failure.ts';
import { PcscReaderService } from '../../../../electron/engine/readers/pcsc-service.ts';
import { openToken } from '../../../../electron/engine/token/open-token.ts';
import type { SandboxCard, SandboxCardSpec } from '../../../../electron/sandbox/cards/index.ts';
import { PrivatePcscd } from '../../../rig/pcscd.ts';
import { VirtualReader } from '../../../rig/virtual-reader.ts';
import { needs } from '../../../run/needs.ts';
import { code, freshCard, pins } from '../../token/desk.ts';
import { findPlanted, type Planted, plantedBytes, plantedText } from '../secrets/planted.ts';
import { essence, replayed, traceOf } from './trace-of.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const cards: readonly (readonly [string, SandboxCardSpec])[] = [
  ['eid', { card: 'eid' }],
  ['eid over T=0, which answers in parts', { card: 'eid', transport: 'T=0' }],
  ['eid that OpenSC signs with', { card: 'eid', face: 'oseid' }],
  ['2025', { card: '2025' }],
  ['2025, expired', { card: '2025', variant: 'expired' }],
  ['EstEID of 2018', { card: 'esteid2018' }],
];

const newPin1 = '905317'.slice(0, 4);

function plantedIn(card: SandboxCard): Planted[] {
  const { person } = card;
  return [
    plantedText('PIN1', pins.PIN1, true),
    plantedText('new PIN1', newPin1, true),
    plantedText('PIN2', pins.PIN2),
    plantedText('PUK', pins.PUK),
    plantedText('IDNP', person.idnp),
    plantedText('surname', person.familyName),
    plantedText('given name', person.givenName),
    ...Object.values(card.certificates).map((der) => plantedBytes('certificate', keyAndSignature(der))),
  ];
}

/** The parts of a certificate that are nobody else's: from the key on. Policies and flags are everybody's. */
function keyAndSignature(der: Uint8Array): Uint8Array {
  return der.subarray(der.length - 64);
}

describe.skipIf(!needs('pcscd'))('cards recorded on a real pcscd', () => {
  let reader: VirtualReader;
  let pcscd: PrivatePcscd;
  let service: PcscReaderService;

  beforeAll(async () => {
    reader = await VirtualReader.open();
    pcscd = await PrivatePcscd.start(reader);
    Object.assign(process.env, pcscd.environment);
    service = new PcscReaderService();
    await service.start();
  });
  afterAll(async () => {
    await service?.close();
    await pcscd?.dispose();
    await reader?.close();
  });
  afterEach(() => reader.remove());

  it.each(cards)(
    '%s: replay gives the same token and PIN states, nothing personal stands in it',
    async (_, spec) => {
      const card = await freshCard(spec);
      reader.insert(card);
      await reader.whenSettled();
      let before: unknown;
      let wrongTries: unknown;
      const trace: Trace = await traceOf(service, async (readers) => {
        const token = await openToken(await readers.connect(reader.pcscName));
        before = essence(token, await token.pins());
        for (const { id, pin } of token.certificates) {
          const [algorithm] = token.algorithms(id);
          if (!algorithm || pin === undefined || pin === 'PUK') continue;
          const digest = createHash(algorithm.hash.replace('-', '')).update('act').digest();
          await token.sign(id, algorithm, digest, code(pins[pin]));
          await token.verify(pin, code('999999'.slice(0, pins[pin].length))).catch((failure: unknown) => {
            if (!isFailure(failure, 'pin-wrong')) throw failure;
          });
        }
        wrongTries = await token.pins();
        if (token.certificates.some(({ pin }) => pin === 'PIN1')) {
          await token.change('PIN1', code(pins.PIN1), code(newPin1));
        }
        await token.close();
      });

      const replay = await replayed(trace);
      expect(essence(replay.token, replay.pins)).toEqual(before);
      expect(replay.token.certificates.map(({ x509 }) => x509.subject).join()).not.toContain(
        card.person.familyName,
      );
      // It goes on as it went on then: the signature is withheld, the wrong PIN is wrong again, the tries are fewer.
      for (const { id, pin } of replay.token.certificates) {
        const [algorithm] = replay.token.algorithms(id);
        if (!algorithm || pin === undefined || pin === 'PUK') continue;
        const digest = createHash(algorithm.hash.replace('-', '')).update('another act').digest();
        await expect(replay.token.sign(id, algorithm, digest, code(pins[pin]))).rejects.toMatchObject({
          code: 'signature-invalid',
        });
        await expect(
          replay.token.verify(pin, code('888888'.slice(0, pins[pin].length))),
        ).rejects.toMatchObject({
          code: 'pin-wrong',
        });
      }
      expect(await replay.token.pins()).toEqual(wrongTries);

      expect(findPlanted(JSON.stringify(trace), plantedIn(card))).toEqual([]);
      // The search finds them where they are: in what the card really said.
      const said = Object.values(card.certificates)
        .map((der) => Buffer.from(der).toString('hex'))
        .join();
      expect(findPlanted(said, plantedIn(card))).toEqual(
        expect.arrayContaining(['IDNP', 'surname', 'given name', 'certificate']),
      );
    },
  );

  it('a card pulled while it is read: the replay ends where the card did', async () => {
    const card = await freshCard({ card: 'eid' });
    reader.insert(card);
    await reader.whenSettled();
    reader.onApdu = (index) => (index === 12 ? { pull: 'before' } : undefined);
    reader.resetApduCount();
    const trace = await traceOf(service, async (readers) => {
      await openToken(await readers.connect(reader.pcscName)).catch(() => undefined);
    });
    reader.onApdu = undefined;
    expect(trace.cards[0]?.groups.flatMap(({ steps }) => steps).at(-1)).toMatchObject({
      kind: 'broken',
      failure: 'card-removed',
    });
    await expect(replayed(trace)).rejects.toMatchObject({ code: 'card-removed' });
    expect(findPlanted(JSON.stringify(trace), plantedIn(card))).toEqual([]);
  });
});
