/** Records in one process: a reader service, a recorder on it, and what comes out. */
import { type Trace, traceSchema } from '../../../../electron/contract/diagnostics/trace.ts';
import { ObservedReaders } from '../../../../electron/engine/diagnostics/observing/observed-readers.ts';
import { ReplayReaders } from '../../../../electron/engine/diagnostics/trace/replay-readers.ts';
import { TraceRecorder } from '../../../../electron/engine/diagnostics/trace/trace-recorder.ts';
import type { ReaderService } from '../../../../electron/engine/readers/reader-service.ts';
import type { IdentityToken, TokenPin } from '../../../../electron/engine/token/identity-token.ts';
import { openToken } from '../../../../electron/engine/token/open-token.ts';

/** What `work` does with a reader, as a trace that its schema has checked and that was a file meanwhile. */
export async function traceOf(
  service: ReaderService,
  work: (readers: ObservedReaders) => Promise<void>,
): Promise<Trace> {
  const readers = new ObservedReaders(service);
  const recorder = new TraceRecorder();
  const stop = readers.observe(recorder);
  await work(readers);
  stop();
  const trace = recorder.finish('0.0.0-test', 'linux', new Date('2026-03-04T05:06:07Z'));
  return traceSchema.parse(JSON.parse(JSON.stringify(trace)));
}

/** Opens the card of a trace and reads its PINs. */
export async function replayed(
  trace: Trace,
): Promise<{ token: IdentityToken; pins: readonly TokenPin[]; readers: ReplayReaders }> {
  const readers = new ReplayReaders(trace);
  const token = await openToken(await readers.connect(readers.snapshot.readers[0]?.name ?? ''));
  return { token, pins: await token.pins(), readers };
}

/** What must be the same after a replay: everything but names and numbers of the holder and of the card. */
export function essence(token: IdentityToken, pins: readonly TokenPin[]): unknown {
  return {
    source: token.source,
    label: token.label,
    pins,
    certificates: token.certificates.map(({ id, role, label, der, x509, hasKey, pin }) => ({
      id,
      role,
      label,
      length: der.length,
      key: [x509.publicKey.asymmetricKeyType, x509.publicKey.asymmetricKeyDetails],
      issuer: x509.issuer,
      days: [x509.validFromDate, x509.validToDate].map((date) => date.toISOString().slice(0, 10)),
      hasKey,
      pin,
      algorithms: token.algorithms(id),
    })),
  };
}
