/** What the doctor examines: put together by whoever runs it. */
import type { X509Certificate } from 'node:crypto';
import type { RevocationAnswer } from '../../../contract/diagnostics/inspect.ts';
import type { PortalSettings } from '../../../contract/portal/settings.ts';
import type { ModuleChoice } from '../../modules/module-file.ts';
import type { ReaderService } from '../../readers/reader-service.ts';
import type { TokenCertificate, TokenPin } from '../../token/identity-token.ts';
import type { SystemView } from '../system/system-view.ts';

/** A card as far as it can be read without a PIN. */
export interface ReadCard {
  readonly reader: string;
  readonly certificates: readonly TokenCertificate[];
  readonly pins: readonly TokenPin[];
}

export interface DoctorWorld {
  readonly system: SystemView;
  /** Readers and card are simulated: this computer's own are not looked at. */
  readonly simulated: boolean;
  /**
   * The system's readers. Absent when the part of the program that sees them could not even be started; then the
   * doctor goes by what the system says.
   */
  readonly readers?: ReaderService;
  /** Where `readers` are the slots of a PKCS#11 module. */
  readonly throughModule?: boolean;
  /** Reads the card, or takes what was read. @throws Failure */
  readCard?(reader?: string): Promise<ReadCard>;
  /** The portal of the settings, or undefined. */
  portal?(): Promise<PortalSettings | undefined>;
  /** Authorities that may have issued the card's certificates, beside the known ones. */
  readonly issuers?: readonly X509Certificate[];
  /** Address of the time-stamping authority of the settings. */
  readonly timestampUrl?: string;
  /** PKCS#11 modules that the settings or the command line name. */
  readonly modules: readonly ModuleChoice[];
  /** Environment for module hosts. */
  readonly moduleEnvironment?: NodeJS.ProcessEnv;
  /** The program for module hosts, in place of the one that was built. */
  readonly moduleHost?: string;
  /** Asks the authority about a certificate of the card, by OCSP and by its revocation list. */
  revocation?(
    certificate: X509Certificate,
    by: 'ocsp' | 'crl',
    signal: AbortSignal,
  ): Promise<RevocationAnswer>;
  /** Address of the card service's socket (pcsc-lite), where the system has one. */
  readonly serviceSocket: string | undefined;
  /** A local port on which nobody answers, in place of the usual one. */
  readonly quietPort?: number;
  /** What stops this program from working at all, found before the checks run. */
  readonly ownTrouble?: { readonly kind: 'agent' | 'native' | 'settings'; readonly parameter: string };
}

/** The same without readers and card, which whoever holds them adds. */
export type DoctorSurroundings = Omit<DoctorWorld, 'readCard' | 'readers'>;
