/**
 * The failure catalogue: every failure that a user can meet, by its stable code.
 *
 * A code, once published, never changes its meaning: the command line's JSON, the helpdesk and other
 * programs rely on it. The sentences (message, cause, fix) live in `renderer/locales/<lang>/failures.json`
 * under the same code, in Romanian, Russian and English.
 */

/** Who can put the failure right. */
export type FailureOwner = 'citizen' | 'administrator' | 'helpdesk' | 'issuer' | 'portal' | 'developer';

/** What a catalogue entry says beside its sentences. */
export interface CatalogueEntry {
  /** How bad it is: `notice` (carry on), `error` (this action failed), `fatal` (nothing works until fixed). */
  readonly severity: 'notice' | 'error' | 'fatal';
  readonly owner: FailureOwner;
  /** Exit code of the command line (README, "Exit codes"). */
  readonly exit: number;
}

/** Exit codes of the command line. They are a public interface. */
export const ExitCode = {
  done: 0,
  usage: 2,
  noService: 3,
  noReader: 4,
  noCard: 5,
  cardNotSupported: 6,
  pinWrong: 7,
  pinBlocked: 8,
  cancelled: 9,
  network: 10,
  refusedForSafety: 11,
  inputFile: 12,
  certificate: 13,
  busyOrTimeout: 14,
  ownFault: 70,
} as const;

const entry = (severity: CatalogueEntry['severity'], owner: FailureOwner, exit: number): CatalogueEntry => ({
  severity,
  owner,
  exit,
});

/** All failures, grouped by where they arise. */
export const catalogue = {
  // The PC/SC service
  'service-absent': entry('fatal', 'citizen', ExitCode.noService),
  'service-stopped': entry('error', 'citizen', ExitCode.noService),
  'service-refused': entry('fatal', 'administrator', ExitCode.noService),
  'service-mismatch': entry('fatal', 'administrator', ExitCode.noService),
  'native-missing': entry('fatal', 'administrator', ExitCode.noService),
  // PKCS#11 modules
  'module-missing': entry('error', 'citizen', ExitCode.inputFile),
  'module-invalid': entry('error', 'citizen', ExitCode.inputFile),
  'module-changed': entry('error', 'administrator', ExitCode.refusedForSafety),
  'module-refused': entry('error', 'administrator', ExitCode.noService),
  'module-crashed': entry('error', 'helpdesk', ExitCode.noService),
  'module-timeout': entry('error', 'helpdesk', ExitCode.busyOrTimeout),
  'module-answer-invalid': entry('error', 'helpdesk', ExitCode.cardNotSupported),
  'module-host-missing': entry('fatal', 'administrator', ExitCode.noService),
  // Readers
  'reader-none': entry('error', 'citizen', ExitCode.noReader),
  'reader-unknown-name': entry('error', 'citizen', ExitCode.noReader),
  'reader-removed': entry('error', 'citizen', ExitCode.noReader),
  'reader-fault': entry('error', 'helpdesk', ExitCode.noReader),
  'reader-busy': entry('error', 'citizen', ExitCode.busyOrTimeout),
  'reader-held': entry('error', 'citizen', ExitCode.busyOrTimeout),
  // The card
  'card-absent': entry('error', 'citizen', ExitCode.noCard),
  'card-removed': entry('error', 'citizen', ExitCode.noCard),
  'card-changed': entry('error', 'citizen', ExitCode.noCard),
  'card-mute': entry('error', 'citizen', ExitCode.noCard),
  'card-unknown': entry('error', 'citizen', ExitCode.cardNotSupported),
  'card-malformed': entry('error', 'issuer', ExitCode.cardNotSupported),
  'card-refused': entry('error', 'helpdesk', ExitCode.cardNotSupported),
  'card-timeout': entry('error', 'citizen', ExitCode.busyOrTimeout),
  'card-no-certificate': entry('error', 'issuer', ExitCode.certificate),
  'card-no-such-key': entry('error', 'citizen', ExitCode.certificate),
  // PINs
  'pin-wrong': entry('error', 'citizen', ExitCode.pinWrong),
  'pin-blocked': entry('error', 'citizen', ExitCode.pinBlocked),
  'puk-wrong': entry('error', 'citizen', ExitCode.pinWrong),
  'puk-blocked': entry('error', 'issuer', ExitCode.pinBlocked),
  'pin-length': entry('error', 'citizen', ExitCode.refusedForSafety),
  'pin-not-digits': entry('error', 'citizen', ExitCode.refusedForSafety),
  'pin-trivial': entry('error', 'citizen', ExitCode.refusedForSafety),
  'pin-same': entry('error', 'citizen', ExitCode.refusedForSafety),
  'pin-new-refused': entry('error', 'citizen', ExitCode.refusedForSafety),
  'pin-change-first': entry('error', 'citizen', ExitCode.refusedForSafety),
  'pin-last-try': entry('error', 'citizen', ExitCode.refusedForSafety),
  'pin-unknown-name': entry('error', 'citizen', ExitCode.usage),
  'pin-mismatch': entry('error', 'citizen', ExitCode.refusedForSafety),
  'pin-no-terminal': entry('error', 'citizen', ExitCode.usage),
  'pin-cancelled': entry('notice', 'citizen', ExitCode.cancelled),
  'pin-envelope-invalid': entry('error', 'developer', ExitCode.refusedForSafety),
  'pin-not-changeable': entry('error', 'issuer', ExitCode.refusedForSafety),
  'pin-not-unblockable': entry('error', 'issuer', ExitCode.refusedForSafety),
  'pin-outcome-unknown': entry('error', 'citizen', ExitCode.noCard),
  // Keys
  'algorithm-unsupported': entry('error', 'helpdesk', ExitCode.certificate),
  'digest-length': entry('error', 'citizen', ExitCode.usage),
  'signature-invalid': entry('error', 'issuer', ExitCode.cardNotSupported),
  // Sign-in and portal
  'challenge-refused': entry('error', 'portal', ExitCode.refusedForSafety),
  'provider-not-trusted': entry('error', 'portal', ExitCode.refusedForSafety),
  'portal-unreachable': entry('error', 'portal', ExitCode.network),
  'portal-timeout': entry('error', 'portal', ExitCode.network),
  'portal-disconnected': entry('error', 'portal', ExitCode.network),
  'portal-fault': entry('error', 'portal', ExitCode.network),
  'portal-tls': entry('error', 'administrator', ExitCode.network),
  'portal-answer-invalid': entry('error', 'portal', ExitCode.network),
  'portal-answer-too-large': entry('error', 'portal', ExitCode.network),
  'portal-redirect-refused': entry('error', 'portal', ExitCode.refusedForSafety),
  'portal-refused': entry('error', 'portal', ExitCode.network),
  'portal-not-configured': entry('error', 'citizen', ExitCode.usage),
  'portal-unknown': entry('error', 'citizen', ExitCode.usage),
  'login-expired': entry('error', 'citizen', ExitCode.busyOrTimeout),
  'login-refused': entry('error', 'portal', ExitCode.network),
  'login-no-certificate': entry('error', 'issuer', ExitCode.certificate),
  'certificate-expired': entry('error', 'issuer', ExitCode.certificate),
  'certificate-not-yet-valid': entry('error', 'issuer', ExitCode.certificate),
  'certificate-revoked': entry('error', 'issuer', ExitCode.certificate),
  'certificate-suspended': entry('error', 'issuer', ExitCode.certificate),
  'saml-refused': entry('error', 'portal', ExitCode.network),
  'registration-needed': entry('error', 'citizen', ExitCode.usage),
  'session-none': entry('error', 'citizen', ExitCode.usage),
  'session-ended': entry('error', 'citizen', ExitCode.network),
  // Documents and their signatures
  'input-unreadable': entry('error', 'citizen', ExitCode.inputFile),
  'input-changed': entry('error', 'citizen', ExitCode.inputFile),
  'output-exists': entry('error', 'citizen', ExitCode.inputFile),
  'output-not-writable': entry('error', 'citizen', ExitCode.inputFile),
  'disk-full': entry('error', 'citizen', ExitCode.inputFile),
  'pdf-broken': entry('error', 'citizen', ExitCode.inputFile),
  'pdf-encrypted': entry('error', 'citizen', ExitCode.inputFile),
  'pdf-locked': entry('error', 'citizen', ExitCode.inputFile),
  'pdf-too-complex': entry('error', 'citizen', ExitCode.inputFile),
  'pdf-field-unusable': entry('error', 'citizen', ExitCode.inputFile),
  'signature-too-large': entry('error', 'developer', ExitCode.ownFault),
  'signed-file-faulty': entry('error', 'helpdesk', ExitCode.ownFault),
  // The agent and the command line
  usage: entry('error', 'citizen', ExitCode.usage),
  cancelled: entry('notice', 'citizen', ExitCode.cancelled),
  'agent-lost': entry('error', 'helpdesk', ExitCode.ownFault),
  'settings-invalid': entry('error', 'citizen', ExitCode.inputFile),
  'doctor-code-invalid': entry('error', 'helpdesk', ExitCode.usage),
  'doctor-fix-none': entry('error', 'citizen', ExitCode.usage),
  'doctor-fix-failed': entry('error', 'administrator', ExitCode.ownFault),
  'sandbox-unknown-card': entry('error', 'citizen', ExitCode.usage),
  'training-off': entry('error', 'citizen', ExitCode.usage),
  'training-none': entry('error', 'citizen', ExitCode.usage),
  'agent-foreign': entry('error', 'administrator', ExitCode.refusedForSafety),
  'agent-running': entry('error', 'citizen', ExitCode.usage),
  'agent-busy': entry('error', 'citizen', ExitCode.busyOrTimeout),
  // Recorded sessions with cards
  'trace-invalid': entry('error', 'citizen', ExitCode.inputFile),
  'trace-mismatch': entry('error', 'helpdesk', ExitCode.cardNotSupported),
  // The window and what it runs in
  'window-host-missing': entry('fatal', 'administrator', ExitCode.ownFault),
  'window-no-display': entry('error', 'citizen', ExitCode.usage),
  'window-not-built': entry('fatal', 'developer', ExitCode.ownFault),
  'browser-refused': entry('fatal', 'administrator', ExitCode.refusedForSafety),
  'browser-failed': entry('error', 'helpdesk', ExitCode.ownFault),
  'save-failed': entry('error', 'citizen', ExitCode.inputFile),
  'contract-violation': entry('error', 'developer', ExitCode.ownFault),
  internal: entry('error', 'developer', ExitCode.ownFault),
} as const satisfies Record<string, CatalogueEntry>;

/** A stable failure code. */
export type FailureCode = keyof typeof catalogue;

/** All codes, for schemas and completeness tests. */
export const failureCodes = Object.keys(catalogue) as [FailureCode, ...FailureCode[]];
