import { createHash } from 'node:crypto';
import { SecretBytes } from '../../electron/contract/pin/secret-bytes.ts';
import { PcscReaderService } from '../../electron/engine/readers/pcsc-service.ts';
import { openToken } from '../../electron/engine/token/open-token.ts';

/**
 * Ours against OpenSC's tools: opens the card, and signs when asked to. `token-client.ts READER [SIGNATURES]`
 * takes the PIN of the authentication key from `BENCH_PIN`, as the tools do, and prints what `TokenTimes` says.
 */

/** What one run of the client measured, in milliseconds. */
export interface TokenTimes {
  /** From the open channel to the known certificates. */
  readonly certificates: number;
  /** One entry for each PIN-verified signature. */
  readonly signatures: readonly number[];
}

if (import.meta.main) {
  const [readerName = '', wanted = '0'] = process.argv.slice(2);
  const service = new PcscReaderService();
  await service.start();
  const channel = await service.connect(readerName);
  const started = performance.now();
  const token = await openToken(channel);
  const certificates = performance.now() - started;
  const signatures: number[] = [];
  for (let i = 0; i < Number(wanted); i++) {
    const certificate = token.certificates.find(({ role }) => role === 'authentication');
    const algorithm = certificate && token.algorithms(certificate.id)[0];
    if (!certificate || !algorithm) throw new Error('the card has no authentication key');
    const digest = createHash(algorithm.hash.replace('-', '').toLowerCase()).update('bench').digest();
    const pin = new SecretBytes(Uint8Array.from(Buffer.from(process.env.BENCH_PIN ?? '', 'ascii')));
    const from = performance.now();
    try {
      await token.sign(certificate.id, algorithm, digest, pin);
    } finally {
      pin.destroy();
    }
    signatures.push(performance.now() - from);
  }
  await token.close();
  await service.close();
  const times: TokenTimes = { certificates, signatures };
  process.stdout.write(JSON.stringify(times));
}
