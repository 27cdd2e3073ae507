import type {
  ReaderInfo,
  ReaderService,
  ReadersSnapshot,
} from '../../../electron/engine/readers/reader-service.ts';

/** Resolves with the first snapshot, present or future, that fits. Rejects after 10 s with the last one seen. */
export function until(
  service: ReaderService,
  fits: (snapshot: ReadersSnapshot) => boolean,
): Promise<ReadersSnapshot> {
  if (fits(service.snapshot)) return Promise.resolve(service.snapshot);
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => {
      stop();
      reject(new Error(`never came; the readers are ${JSON.stringify(service.snapshot)}`));
    }, 10_000);
    const stop = service.onChange((snapshot) => {
      if (!fits(snapshot)) return;
      clearTimeout(patience);
      stop();
      resolve(snapshot);
    });
  });
}

/** Resolves when a reader is in a state (and of a later generation, if one is given). */
export async function untilReader(
  service: ReaderService,
  name: string,
  state: ReaderInfo['state'],
  after = -1,
): Promise<ReaderInfo> {
  const fits = (reader: ReaderInfo): boolean =>
    reader.name === name && reader.state === state && reader.generation > after;
  const snapshot = await until(service, ({ readers }) => readers.some(fits));
  return snapshot.readers.find(fits) as ReaderInfo;
}

/** What a promise rejects with. Fails when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it should have been refused');
}

/** The failure code that a promise rejects with. */
export async function failureCode(promise: Promise<unknown>): Promise<unknown> {
  return ((await rejection(promise)) as { code?: unknown }).code;
}
