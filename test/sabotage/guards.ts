import type { Guard } from './guard.ts';
import { agentGuards } from './guards/agent.ts';
import { cardGuards } from './guards/card.ts';
import { doctorGuards } from './guards/doctor.ts';
import { electronGuards } from './guards/electron.ts';
import { inspectionGuards } from './guards/inspections.ts';
import { logGuards } from './guards/log.ts';
import { moduleGuards } from './guards/modules.ts';
import { pinPadGuards } from './guards/pin-pad.ts';
import { pinGuards } from './guards/pins.ts';
import { pkiGuards } from './guards/pki.ts';
import { portalGuards } from './guards/portal.ts';
import { projectGuards } from './guards/project.ts';
import { readerGuards } from './guards/readers.ts';
import { reportGuards } from './guards/report.ts';
import { samlGuards } from './guards/saml.ts';
import { shellGuards } from './guards/shell.ts';
import { signInGuards } from './guards/sign-in.ts';
import { signingGuards } from './guards/signing.ts';
import { traceGuards } from './guards/traces.ts';
import { windowGuards } from './guards/window.ts';

/** All guards that are watched. */
export const guards: readonly Guard[] = [
  ...cardGuards,
  ...readerGuards,
  ...reportGuards,
  ...pinGuards,
  ...pinPadGuards,
  ...moduleGuards,
  ...agentGuards,
  ...portalGuards,
  ...pkiGuards,
  ...samlGuards,
  ...signInGuards,
  ...signingGuards,
  ...traceGuards,
  ...doctorGuards,
  ...logGuards,
  ...inspectionGuards,
  ...electronGuards,
  ...shellGuards,
  ...windowGuards,
  ...projectGuards,
];
