import { ForeignClient, holdCard } from '../../rig/winscard/foreign-client.ts';
import { needs } from '../../run/needs.ts';
import { readerServiceContract } from './contract.ts';
import type { ContractReader } from './contract-world.ts';
import { PcscRig } from './pcsc-rig.ts';

/** SCARD_ATTR_VENDOR_NAME. */
const vendorName = 0x1_0100;

readerServiceContract('PC/SC, by a real pcscd', needs('pcscd'), async () => {
  const rig = await PcscRig.start(2);
  const readers = [0, 1].map((index): ContractReader => {
    const slot = rig.reader(index);
    return { slot, name: slot.pcscName, insertMute: () => rig.insertMute(index) };
  }) as [ContractReader, ContractReader];
  const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
  return {
    readers,
    attribute: { id: vendorName, value: text(rig.reader().attributes.get(vendorName)) },
    service: () => rig.service(),
    hold: (reader, how, milliseconds) => holdCard(rig.pcscd, reader.name, how, milliseconds),
    resetByOther: async (reader) => {
      await using client = new ForeignClient(rig.pcscd);
      await client.connect(reader.name);
      await client.reset();
    },
    stopService: () => rig.pcscd.stop(),
    startService: () => rig.pcscd.restart(),
    dispose: () => rig.dispose(),
  };
});
