/**
 * What the doctor can find: every cause by its stable code, in the order in which things are to be fixed. The
 * sentences stand in `renderer/locales/<lang>/checks.json` under the same code.
 *
 * Codes and numbers are public: a short code that was read over the phone years ago must mean the same today. Causes
 * may be moved within the list (that changes what comes first), a number is never given twice.
 */
import type { FailureOwner } from '../failures/catalogue.ts';

/** The checks; what each looks at stands in the locale files. */
export const checkIds = [
  'D01',
  'D02',
  'D03',
  'D04',
  'D05',
  'D06',
  'D07',
  'D08',
  'D09',
  'D10',
  'D11',
  'D12',
  'D13',
  'D14',
  'D15',
  'D16',
  'D17',
  'D18',
  'D19',
  'D20',
  'D21',
  'D22',
  'D23',
  'D24',
  'D25',
  'D26',
  'D27',
  'D28',
  'D29',
  'D30',
] as const;
export type CheckId = (typeof checkIds)[number];

/** What a sentence may name. Texts are cut and cleaned of control characters before they get here. */
export const causeParameterNames = [
  /** A program, a reader, a USB device, a browser, in the name people know. */
  'program',
  'reader',
  'device',
  'browser',
  /** A package of the system (or its kind: snap, flatpak) and its version. */
  'package',
  'version',
  /** File names without folders. */
  'file',
  'files',
  /** A field of the settings, a failure code, an HTTP status. */
  'field',
  'code',
  'status',
  /** Hosts, and who signed a server's certificate. */
  'host',
  'target',
  'proxy',
  'issuer',
  /** `ssh`, `rdp`, `citrix`, `local`. */
  'session',
  'seconds',
  'megabytes',
  /** A day: 2026-11-22. */
  'date',
  /** What is printed on a kind of card, names of other readers. */
  'label',
] as const;
export type CauseParameterName = (typeof causeParameterNames)[number];

/** What the catalogue says of a cause beside its sentences. */
export interface CauseEntry {
  /** 1 to 127: stands for the cause in short codes. */
  readonly number: number;
  readonly check: CheckId;
  readonly severity: 'notice' | 'error' | 'fatal';
  readonly owner: FailureOwner;
  /**
   * Causes of one track stand in each other's way: a problem at a lower stage explains those at higher ones, which
   * are therefore not told. Those of track `other` stand for themselves.
   */
  readonly track: 'card' | 'network' | 'other';
  readonly stage: number;
  /** What its sentences may name. */
  readonly parameters: readonly CauseParameterName[];
}

const cause = (
  number: number,
  check: CheckId,
  severity: CauseEntry['severity'],
  owner: FailureOwner,
  track: CauseEntry['track'],
  stage: number,
  parameters: readonly CauseParameterName[],
): CauseEntry => ({ number, check, severity, owner, track, stage, parameters });

/** All causes; what is to be fixed first comes first. */
export const causes = {
  // App
  'agent-not-starting': cause(1, 'D29', 'fatal', 'helpdesk', 'card', 0, ['code']),
  'app-incomplete': cause(2, 'D29', 'fatal', 'administrator', 'card', 0, ['file']),
  'settings-invalid': cause(3, 'D29', 'error', 'citizen', 'other', 0, ['field']),
  // Service
  'service-not-installed': cause(4, 'D01', 'fatal', 'citizen', 'card', 1, ['package']),
  'app-sandboxed': cause(5, 'D03', 'fatal', 'administrator', 'card', 1, ['package']),
  'service-version-mismatch': cause(6, 'D03', 'fatal', 'administrator', 'card', 1, []),
  'service-masked': cause(7, 'D02', 'fatal', 'administrator', 'card', 1, []),
  'service-disabled': cause(8, 'D02', 'fatal', 'citizen', 'card', 1, []),
  'service-failed': cause(9, 'D02', 'fatal', 'administrator', 'card', 1, []),
  'service-not-running': cause(10, 'D02', 'fatal', 'citizen', 'card', 1, []),
  'service-socket-dead': cause(11, 'D02', 'fatal', 'citizen', 'card', 1, []),
  'service-hangs': cause(12, 'D02', 'fatal', 'citizen', 'card', 1, []),
  'windows-service-disabled': cause(13, 'D16', 'fatal', 'administrator', 'card', 1, []),
  'windows-service-stopped': cause(14, 'D16', 'fatal', 'citizen', 'card', 1, []),
  'service-access-refused': cause(15, 'D04', 'fatal', 'administrator', 'card', 2, ['session']),
  'service-socket-forbidden': cause(16, 'D04', 'fatal', 'administrator', 'card', 2, []),
  // Readers
  'remote-session-without-reader': cause(18, 'D15', 'error', 'administrator', 'card', 3, ['session']),
  'kernel-driver-holds-reader': cause(19, 'D07', 'error', 'administrator', 'card', 3, ['program', 'device']),
  'driver-package-missing': cause(20, 'D05', 'error', 'citizen', 'card', 3, ['package', 'device']),
  'device-held': cause(23, 'D08', 'error', 'citizen', 'card', 3, ['program', 'device']),
  'reader-asleep': cause(24, 'D10', 'error', 'citizen', 'card', 3, ['device']),
  'driver-missing': cause(21, 'D05', 'error', 'citizen', 'card', 3, ['device']),
  'reader-not-taken': cause(22, 'D05', 'error', 'citizen', 'card', 4, ['device']),
  'usb-not-visible': cause(26, 'D06', 'error', 'administrator', 'card', 4, []),
  'reader-not-connected': cause(25, 'D06', 'error', 'citizen', 'card', 4, []),
  // Who holds the reader
  'card-access-refused': cause(17, 'D04', 'fatal', 'administrator', 'card', 4, ['session']),
  'gnupg-holds-reader': cause(28, 'D08', 'error', 'citizen', 'card', 4, ['reader']),
  'reader-held': cause(29, 'D08', 'error', 'citizen', 'card', 4, ['program', 'reader']),
  'reader-held-unnamed': cause(30, 'D08', 'error', 'citizen', 'card', 4, ['reader']),
  'card-in-use': cause(31, 'D09', 'error', 'citizen', 'card', 4, ['program', 'reader']),
  'card-in-use-unnamed': cause(32, 'D09', 'error', 'citizen', 'card', 4, ['reader']),
  // The card
  'reader-unsupported': cause(89, 'D27', 'error', 'citizen', 'card', 5, ['reader']),
  'card-flickers': cause(35, 'D11', 'error', 'citizen', 'card', 5, ['reader']),
  'card-mute': cause(34, 'D11', 'error', 'citizen', 'card', 5, ['reader']),
  'card-payment': cause(38, 'D12', 'error', 'citizen', 'card', 6, []),
  'card-foreign-eid': cause(39, 'D12', 'error', 'citizen', 'card', 6, ['label']),
  'card-not-eid': cause(37, 'D12', 'error', 'citizen', 'card', 6, []),
  'card-moldovan-unreadable': cause(40, 'D13', 'error', 'issuer', 'card', 6, []),
  'card-travel-only': cause(41, 'D13', 'error', 'issuer', 'card', 6, []),
  'card-layout-broken': cause(43, 'D13', 'error', 'issuer', 'card', 6, []),
  'card-unreadable': cause(44, 'D13', 'error', 'helpdesk', 'card', 6, ['code']),
  'card-without-certificates': cause(42, 'D13', 'error', 'issuer', 'card', 7, []),
  // Clock and network
  'clock-wrong': cause(45, 'D21', 'error', 'citizen', 'other', 0, ['seconds', 'host']),
  'network-none': cause(47, 'D22', 'error', 'citizen', 'network', 0, []),
  'proxy-unreachable': cause(48, 'D22', 'error', 'administrator', 'network', 1, ['proxy']),
  'proxy-refuses': cause(49, 'D22', 'error', 'administrator', 'network', 1, ['proxy', 'status']),
  'tls-inspected': cause(50, 'D22', 'error', 'administrator', 'network', 2, ['host', 'issuer']),
  'portal-redirected': cause(52, 'D22', 'error', 'citizen', 'network', 2, ['host', 'target']),
  'tls-untrusted': cause(51, 'D22', 'error', 'portal', 'network', 3, ['host']),
  'portal-name-unknown': cause(53, 'D22', 'error', 'portal', 'network', 3, ['host']),
  'portal-refuses-connection': cause(54, 'D22', 'error', 'portal', 'network', 3, ['host']),
  'portal-silent': cause(55, 'D22', 'error', 'portal', 'network', 3, ['host']),
  'portal-fault': cause(56, 'D22', 'error', 'portal', 'network', 3, ['host', 'status']),
  'portal-answers-wrong': cause(57, 'D22', 'error', 'portal', 'network', 3, ['host']),
  'ocsp-unreachable': cause(59, 'D22', 'error', 'issuer', 'network', 3, ['host']),
  'ocsp-answers-wrong': cause(60, 'D22', 'error', 'issuer', 'network', 3, ['host']),
  'tsa-unreachable': cause(63, 'D22', 'error', 'portal', 'network', 3, ['host']),
  'tsa-answers-wrong': cause(64, 'D22', 'error', 'portal', 'network', 3, ['host']),
  // PINs and certificates
  'puk-blocked': cause(66, 'D19', 'error', 'issuer', 'card', 8, []),
  'pin1-blocked': cause(67, 'D19', 'error', 'citizen', 'card', 8, []),
  'pin2-blocked': cause(68, 'D19', 'error', 'citizen', 'card', 8, []),
  'certificate-revoked': cause(73, 'D20', 'error', 'issuer', 'card', 8, []),
  'certificate-suspended': cause(74, 'D20', 'error', 'issuer', 'card', 8, []),
  'certificate-expired': cause(75, 'D20', 'error', 'issuer', 'card', 8, ['date']),
  'certificate-not-yet-valid': cause(76, 'D20', 'error', 'issuer', 'card', 8, ['date']),
  'pin1-change-first': cause(71, 'D19', 'error', 'citizen', 'card', 8, []),
  'pin2-change-first': cause(72, 'D19', 'error', 'citizen', 'card', 8, []),
  // Modules and the machine
  'module-host-missing': cause(78, 'D23', 'error', 'administrator', 'other', 0, ['file']),
  'module-missing': cause(79, 'D23', 'error', 'citizen', 'other', 0, ['file']),
  'module-changed': cause(80, 'D23', 'error', 'administrator', 'other', 0, ['file']),
  'module-not-a-library': cause(81, 'D23', 'error', 'citizen', 'other', 0, ['file']),
  'module-wrong-architecture': cause(82, 'D23', 'error', 'citizen', 'other', 0, ['file']),
  'module-refuses': cause(83, 'D23', 'error', 'administrator', 'other', 0, ['file']),
  'module-crashes': cause(84, 'D23', 'error', 'helpdesk', 'other', 0, ['file']),
  'module-hangs': cause(85, 'D23', 'error', 'helpdesk', 'other', 0, ['file']),
  'module-answers-wrong': cause(86, 'D23', 'error', 'helpdesk', 'other', 0, ['file']),
  'loopback-blocked': cause(65, 'D28', 'error', 'administrator', 'other', 0, ['program']),
  'disk-full': cause(98, 'D29', 'error', 'citizen', 'other', 0, ['megabytes']),
  // Worth knowing
  'card-not-inserted': cause(36, 'D11', 'notice', 'citizen', 'card', 5, []),
  'pin1-last-try': cause(69, 'D19', 'notice', 'citizen', 'card', 8, []),
  'pin2-last-try': cause(70, 'D19', 'notice', 'citizen', 'card', 8, []),
  'certificate-expires-soon': cause(77, 'D20', 'notice', 'issuer', 'card', 8, ['date']),
  'portal-slow': cause(58, 'D22', 'notice', 'portal', 'network', 3, ['host', 'seconds']),
  'crl-unreachable': cause(61, 'D22', 'notice', 'issuer', 'network', 3, ['host']),
  'crl-answers-wrong': cause(62, 'D22', 'notice', 'issuer', 'network', 3, ['host']),
  'server-clock-wrong': cause(46, 'D21', 'notice', 'portal', 'other', 0, ['host', 'seconds']),
  'pinpad-false': cause(88, 'D26', 'notice', 'citizen', 'other', 0, ['reader']),
  'reader-short-apdu': cause(90, 'D27', 'notice', 'citizen', 'other', 0, ['reader']),
  'service-known-bad': cause(96, 'D30', 'notice', 'administrator', 'other', 0, ['package', 'version']),
  'driver-known-bad': cause(97, 'D30', 'notice', 'administrator', 'other', 0, ['package', 'version']),
  'windows-propagation-busy': cause(33, 'D17', 'notice', 'administrator', 'other', 0, []),
  'macos-driver': cause(27, 'D18', 'notice', 'administrator', 'other', 0, []),
  'cards-several': cause(92, 'D14', 'notice', 'citizen', 'other', 0, ['reader']),
  'readers-virtual-ignored': cause(91, 'D14', 'notice', 'citizen', 'other', 0, ['label', 'reader']),
  'remote-session': cause(93, 'D15', 'notice', 'citizen', 'other', 0, ['session']),
  'modules-compete': cause(87, 'D24', 'notice', 'citizen', 'other', 0, ['files']),
  'browser-sandboxed': cause(94, 'D25', 'notice', 'citizen', 'other', 0, ['browser', 'package']),
  'disk-low': cause(99, 'D29', 'notice', 'citizen', 'other', 0, ['megabytes']),
  'locale-not-utf8': cause(100, 'D29', 'notice', 'citizen', 'other', 0, []),
} as const satisfies Record<string, CauseEntry>;

export type CauseCode = keyof typeof causes;
export const causeCodes = Object.keys(causes) as [CauseCode, ...CauseCode[]];

/** Place in the order of fixing, from 1. */
export function causeRank(code: CauseCode): number {
  return causeCodes.indexOf(code) + 1;
}

/** The cause with this number, or undefined when it belongs to a later version. */
export function causeOfNumber(number: number): CauseCode | undefined {
  return causeCodes.find((code) => causes[code].number === number);
}
