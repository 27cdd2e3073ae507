import type { FindingFix } from '../../../contract/diagnostics/finding.ts';

/**
 * GnuPG's scdaemon takes readers for itself, by a driver of its own or by an exclusive connection. These two lines make
 * it go through the card service and share.
 */
export const gnupgFix: FindingFix = {
  kind: 'setting',
  file: '~/.gnupg/scdaemon.conf',
  lines: ['disable-ccid', 'pcsc-shared'],
  afterwards: ['gpgconf --kill scdaemon'],
  needsAdministrator: false,
  byApp: true,
};
