import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../electron/contract/failures/failure.ts';
import { SecretBytes } from '../../electron/contract/pin/secret-bytes.ts';
import { Iso7816 } from '../../electron/engine/card/iso7816.ts';
import {
  maxCertificateExchanges,
  readCertificates,
} from '../../electron/engine/card/pkcs15/certificate-reading.ts';
import { discoverPkcs15, maxDiscoveryExchanges } from '../../electron/engine/card/pkcs15/discovery.ts';
import { forAll, must, patience } from './fuzzing.ts';
import { anyAnswer, anyAtr, anyCard, HostileChannel } from './hostile-card.ts';

/** SELECT, READ BINARY, READ RECORD, GET RESPONSE. */
const reading = [0xa4, 0xb0, 0xb2, 0xc0];

async function outcome<T>(work: Promise<T>): Promise<T | Failure> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

describe('a hostile card', { timeout: patience }, () => {
  it('is described or refused, within so many commands, by reading alone', async () => {
    let described = 0;
    let certificates = 0;
    await forAll(
      3_500,
      fc.asyncProperty(anyCard, anyAtr, async (answer, atr) => {
        const channel = new HostileChannel(answer, atr);
        const iso = new Iso7816(channel);
        const description = await outcome(discoverPkcs15(iso));
        must(channel.headers.length <= maxDiscoveryExchanges, 'too many commands');
        if (!(description instanceof Failure)) {
          described++;
          const before = channel.headers.length;
          const values = await outcome(readCertificates(iso, description));
          must(channel.headers.length - before <= maxCertificateExchanges, 'too many commands');
          if (!(values instanceof Failure) && values.some(({ der }) => der)) certificates++;
        }
        must(
          channel.headers.every(([, ins]) => reading.includes(ins ?? 0)),
          'a command that does not read',
        );
      }),
    );
    // The cards are hostile, not hopeless: many get through to their certificates.
    expect(described).toBeGreaterThan(300);
    expect(certificates).toBeGreaterThan(100);
  });

  it('gets a PIN once, and nothing of it stays in the buffer', async () => {
    await forAll(
      4_000,
      fc.asyncProperty(
        fc.array(anyAnswer, { minLength: 1, maxLength: 3 }),
        anyAtr,
        fc.nat(2),
        async (answers, atr, kind) => {
          const channel = new HostileChannel(
            (_, count) => answers[count % answers.length] ?? new Uint8Array(0),
            atr,
          );
          const iso = new Iso7816(channel);
          const padding = { storedLength: 12, padByte: 0xff };
          const [pin, other] = ['1234', '5678'].map(
            (digits) => new SecretBytes(Uint8Array.from(Buffer.from(digits))),
          );
          if (!pin || !other) return;
          const work = [
            () => iso.verify(1, pin, padding),
            () => iso.changeReferenceData(1, pin, other, padding),
            () => iso.resetRetryCounter(1, pin, other, padding),
          ][kind];
          const result = await outcome((work ?? (() => Promise.reject()))());
          must(channel.headers.length === 1, 'not one command');
          must(
            channel.buffers.every((buffer) => buffer.every((value) => value === 0)),
            'a PIN stays behind',
          );
          const answer = answers[0];
          // Accepted only when the card said 9000 and the channel carried it.
          const said9000 = answer instanceof Uint8Array && answer.at(-2) === 0x90 && answer.at(-1) === 0x00;
          if (!(result instanceof Failure))
            must((result.verdict === 'accepted') === said9000, 'not what the card said');
          else
            must(['pin-outcome-unknown', 'card-changed'].includes(result.code), `failed with ${result.code}`);
        },
      ),
    );
  });

  it('is sent ordinary commands, and answers come back or fail', async () => {
    await forAll(
      3_000,
      fc.asyncProperty(
        fc.array(anyAnswer, { minLength: 1, maxLength: 4 }),
        anyAtr,
        fc.nat(700),
        async (answers, atr, length) => {
          const channel = new HostileChannel(
            (_, count) => answers[count % answers.length] ?? new Uint8Array(0),
            atr,
          );
          const iso = new Iso7816(channel);
          const response = await outcome(iso.computeDigitalSignature(new Uint8Array(length), 512));
          // Three links, a repetition, 256 GET RESPONSE and a repetition of one of them.
          must(channel.headers.length <= 3 + 1 + 256 + 1, 'too many commands');
          must(response instanceof Failure || response.data.length <= 65_536, 'too long an answer');
        },
      ),
    );
  });
});
