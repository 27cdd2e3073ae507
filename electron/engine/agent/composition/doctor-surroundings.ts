/** What the doctor looks at in each kind of world. */
import { X509Certificate } from 'node:crypto';
import { isFailure } from '../../../contract/failures/failure.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { DoctorSurroundings, DoctorWorld } from '../../diagnostics/doctor/world.ts';
import { serverTimeoutMs } from '../../diagnostics/network/servers.ts';
import { NodeSystem } from '../../diagnostics/system/node-system.ts';
import type { SystemView } from '../../diagnostics/system/system-view.ts';
import type { ModuleChoice } from '../../modules/module-file.ts';
import { serviceSocketPath } from '../../readers/service-return.ts';
import type { PortalSource } from '../portal-access.ts';

export interface SurroundingsOptions {
  readonly portal: PortalSource;
  readonly settings?: Settings;
  readonly simulated?: boolean;
  /** The module that shows the cards, where one does. */
  readonly module?: ModuleChoice;
  /** Certificates (DER) of authorities that may have issued the card's. */
  readonly issuers?: readonly Uint8Array[];
  readonly timestampUrl?: string;
  readonly system?: SystemView;
}

export function doctorSurroundings(options: SurroundingsOptions): DoctorSurroundings {
  const { settings = {}, simulated = false, module } = options;
  const system = options.system ?? new NodeSystem();
  const issuers = (options.issuers ?? []).map((der) => new X509Certificate(der));
  const timestampUrl = options.timestampUrl ?? settings.timestampUrl;
  const modules: ModuleChoice[] = (settings.modules ?? []).map(({ path, sha256 }) => ({ path, sha256 }));
  if (module && !modules.some(({ path }) => path === module.path)) modules.push(module);
  return {
    system,
    simulated,
    throughModule: module !== undefined,
    modules,
    serviceSocket: serviceSocketPath(),
    ...(timestampUrl === undefined ? {} : { timestampUrl }),
    portal: async () => {
      try {
        return await options.portal();
      } catch (thrown) {
        if (isFailure(thrown, 'portal-not-configured')) return undefined;
        throw thrown;
      }
    },
    issuers,
    revocation: revocationOf(system, issuers),
  };
}

/** The libraries for OCSP and revocation lists are loaded when there is a certificate to ask about. */
function revocationOf(
  system: SystemView,
  issuers: readonly X509Certificate[],
): NonNullable<DoctorWorld['revocation']> {
  return async (certificate, by, signal) => {
    const { askRevocation } = await import('../../diagnostics/network/revocation.ts');
    return askRevocation({ system, certificate, issuers, timeoutMs: serverTimeoutMs, signal }, by);
  };
}
