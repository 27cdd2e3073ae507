import type { NativeReaderLook } from './native-addon.ts';
import type { ReaderInfo } from './reader-service.ts';

/** SCARD_STATE_* flags of dwEventState. */
export const readerFlag = {
  empty: 0x0010,
  present: 0x0020,
  exclusive: 0x0080,
  inUse: 0x0100,
  mute: 0x0200,
} as const;

/** Readers of the test rig carry this name. */
const rigReader = /^Buletin Virtual/;
/** The event count is the upper half of a 32-bit word. */
const countModulus = 0x1_0000;

interface Tracked {
  look: NativeReaderLook;
  generation: number;
  /** Which service process the count belongs to. */
  service: number;
}

/**
 * Makes `ReaderInfo` of the watch's looks: states, and generations that never go back, whatever the service's
 * counter does (it wraps at 65,536 and starts anew with each service process).
 */
export class ReaderTracker {
  /** Also of readers that are away now: one that comes back must not repeat a generation. */
  #known = new Map<string, Tracked>();
  #listed: readonly string[] = [];
  #service = 0;

  /** The next look comes from another service process: what happened in between is unknown, cards may have been swapped. */
  serviceRestarted(): void {
    this.#service++;
    this.#listed = [];
  }

  look(looks: readonly NativeReaderLook[]): void {
    for (const look of looks) {
      const before = this.#known.get(look.name);
      this.#known.set(look.name, {
        look,
        generation: before ? before.generation + this.#changes(before, look) : look.count,
        service: this.#service,
      });
    }
    this.#listed = looks.map((look) => look.name);
  }

  has(name: string): boolean {
    return this.#listed.includes(name);
  }

  generation(name: string): number {
    return this.#known.get(name)?.generation ?? 0;
  }

  /** The generation that a card had which was connected at this event count; the watch may be behind or ahead. */
  generationAt(name: string, count: number): number {
    const known = this.#known.get(name);
    if (!known) return count;
    const ahead = (count - known.look.count + countModulus) % countModulus;
    return known.generation + (ahead < countModulus / 2 ? ahead : ahead - countModulus);
  }

  /** @param oursAlone whether this process holds the reader exclusively: that is not `busy`. */
  readers(oursAlone: (name: string) => boolean): readonly ReaderInfo[] {
    return this.#listed.flatMap((name) => {
      const tracked = this.#known.get(name);
      return tracked ? [readerInfo(tracked, oursAlone(name))] : [];
    });
  }

  #changes(before: Tracked, look: NativeReaderLook): number {
    if (before.service !== this.#service || !this.#listed.includes(look.name)) return 1;
    const counted = (look.count - before.look.count + countModulus) % countModulus;
    if (counted > 0) return counted;
    // Not every system counts.
    const presence = (before.look.flags ^ look.flags) & readerFlag.present;
    const sameCard = Buffer.compare(before.look.atr, look.atr) === 0;
    return presence !== 0 || ((look.flags & readerFlag.present) !== 0 && !sameCard) ? 1 : 0;
  }
}

function readerInfo({ look, generation }: Tracked, oursAlone: boolean): ReaderInfo {
  const state = readerState(look, oursAlone);
  return {
    name: look.name,
    simulated: rigReader.test(look.name),
    state,
    atr: look.atr.length > 0 && (look.flags & readerFlag.present) !== 0 ? look.atr : null,
    generation,
  };
}

function readerState(look: NativeReaderLook, oursAlone: boolean): ReaderInfo['state'] {
  if ((look.flags & readerFlag.present) === 0) return 'empty';
  if ((look.flags & readerFlag.mute) !== 0 || look.atr.length === 0) return 'mute';
  if ((look.flags & readerFlag.exclusive) !== 0 && !oursAlone) return 'busy';
  return 'present';
}

/** Whether two lists tell the same. */
export function sameReaders(one: readonly ReaderInfo[], other: readonly ReaderInfo[]): boolean {
  return (
    one.length === other.length &&
    one.every((reader, index) => {
      const twin = other[index];
      return (
        twin !== undefined &&
        reader.name === twin.name &&
        reader.state === twin.state &&
        reader.generation === twin.generation &&
        Buffer.compare(reader.atr ?? new Uint8Array(0), twin.atr ?? new Uint8Array(0)) === 0
      );
    })
  );
}
