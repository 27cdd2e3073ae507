/** All checks, D01 to D30. */
import type { Check } from '../doctor/check.ts';
import { cardChecks } from './card.ts';
import { clockCheck } from './clock.ts';
import { holdingChecks } from './holding.ts';
import { machineChecks } from './machine.ts';
import { moduleChecks } from './modules.ts';
import { networkCheck } from './network.ts';
import { pinAndCertificateChecks } from './pins-and-certificates.ts';
import { readerChecks } from './readers.ts';
import { serviceChecks } from './service.ts';
import { windowsAndMacosChecks } from './windows-and-macos.ts';

export const allChecks: readonly Check[] = [
  ...serviceChecks,
  ...readerChecks,
  ...holdingChecks,
  ...cardChecks,
  ...windowsAndMacosChecks,
  ...pinAndCertificateChecks,
  clockCheck,
  networkCheck,
  ...moduleChecks,
  ...machineChecks,
].sort((one, other) => one.id.localeCompare(other.id));
