import { PcscReaderService } from '../../../electron/engine/readers/pcsc-service.ts';
import { EchoCard } from '../../rig/echo-card.ts';
import { PrivatePcscd } from '../../rig/pcscd.ts';
import { VirtualReader } from '../../rig/virtual-reader.ts';

/** A private pcscd with readers, and services that use it. One per process: libpcsclite reads its address once. */
export class PcscRig {
  readonly pcscd: PrivatePcscd;
  readonly readers: readonly VirtualReader[];

  private constructor(pcscd: PrivatePcscd, readers: readonly VirtualReader[]) {
    this.pcscd = pcscd;
    this.readers = readers;
    Object.assign(process.env, pcscd.environment);
  }

  /** @param running false: the service is absent until `pcscd.restart()`. */
  static async start(count: number, running = true): Promise<PcscRig> {
    const readers: VirtualReader[] = [];
    for (let index = 0; index < count; index++) {
      readers.push(await VirtualReader.open(`Buletin Virtual ${String.fromCharCode(65 + index)}`));
    }
    const pcscd = running ? await PrivatePcscd.start(...readers) : PrivatePcscd.notRunning(...readers);
    return new PcscRig(pcscd, readers);
  }

  reader(index = 0): VirtualReader {
    const reader = this.readers[index];
    if (!reader) throw new RangeError(`no reader ${index}`);
    return reader;
  }

  /** A new service on this pcscd, not started. */
  service(): PcscReaderService {
    return new PcscReaderService();
  }

  insertMute(index: number): void {
    this.reader(index).insertMute(new EchoCard());
  }

  async dispose(): Promise<void> {
    await this.pcscd.dispose();
    for (const reader of this.readers) await reader.close();
  }
}
