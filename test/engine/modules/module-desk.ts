import { hostEnvironment } from '../../../electron/engine/modules/host-process.ts';
import { cardsOf, type ModuleCard } from '../../../electron/engine/modules/module-cards.ts';
import type { ModuleChoice } from '../../../electron/engine/modules/module-file.ts';
import { ModuleHost, type ModuleHostOptions } from '../../../electron/engine/modules/module-host.ts';
import { type ModuleToken, openModuleCard } from '../../../electron/engine/modules/module-token.ts';

/** Module hosts of one test file, closed together. */
export class ModuleDesk {
  readonly #hosts = new Set<ModuleHost>();

  host(choice: ModuleChoice, { environment, ...options }: ModuleHostOptions = {}): ModuleHost {
    const host = new ModuleHost(choice, {
      ...options,
      environment: { ...hostEnvironment(), ...environment },
    });
    this.#hosts.add(host);
    return host;
  }

  async close(): Promise<void> {
    for (const host of this.#hosts) await host.close();
    this.#hosts.clear();
  }
}

/** The cards that lie in the module's readers now. */
export async function cardsIn(host: ModuleHost): Promise<readonly ModuleCard[]> {
  return cardsOf(await host.list()).filter(({ tokens }) => tokens.length > 0);
}

/** The one card, or the one whose label begins so. */
export async function openCard(host: ModuleHost, label = ''): Promise<ModuleToken> {
  const card = (await cardsIn(host)).find(({ tokens }) => tokens[0]?.token.label.startsWith(label));
  if (!card) throw new Error(`no token ${label}`);
  return openModuleCard(host, card);
}

/** ECDSA-Sig-Value from r‖s, for openssl. */
export function ecdsaDer(signature: Uint8Array): Uint8Array {
  const integer = (part: Uint8Array): Buffer => {
    const first = part.findIndex((byte) => byte !== 0);
    const plain = Buffer.from(part.subarray(first));
    const value = (plain[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), plain]) : plain;
    return Buffer.concat([Buffer.of(0x02, value.length), value]);
  };
  const half = signature.length / 2;
  const content = Buffer.concat([integer(signature.subarray(0, half)), integer(signature.subarray(half))]);
  return Buffer.concat([Buffer.of(0x30, content.length), content]);
}
