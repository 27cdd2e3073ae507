/** Windows and macOS against answers typed by hand: what was not tried on the systems themselves. */
import type { CauseCode } from '../../../electron/contract/diagnostics/causes.ts';
import type { Finding } from '../../../electron/contract/diagnostics/finding.ts';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import type { DoctorWorld } from '../../../electron/engine/diagnostics/doctor/world.ts';
import { NodeSystem } from '../../../electron/engine/diagnostics/system/node-system.ts';
import macos from '../../engine/diagnostics/recorded/macos.json' with { type: 'json' };
import windows from '../../engine/diagnostics/recorded/windows.json' with { type: 'json' };
import { type FaultCase, StillReaders } from '../examination.ts';

type Answers = Readonly<Record<string, { readonly code: number; readonly stdout: string } | undefined>>;

/** A system of another kind, whose programs answer as they were recorded. */
export function recordedSystem(
  platform: 'win32' | 'darwin',
  answers: Answers,
  environment: Record<string, string> = {},
): NodeSystem {
  const system = new NodeSystem({ platform, environment, home: '/' });
  system.run = async (program, args) => {
    const answer = answers[[program, ...args].join(' ')];
    return answer && { ...answer, stderr: '' };
  };
  return system;
}

const reader = 'bit4id miniLector EVO 0';

function recorded(
  fault: string,
  expected: CauseCode | null,
  system: () => NodeSystem,
  world: Partial<DoctorWorld> = {},
  names?: Finding['parameters'],
): FaultCase {
  return {
    fault,
    expected,
    by: 'recorded',
    ...(names ? { names } : {}),
    inject: async () => ({
      system: system(),
      simulated: false,
      readers: StillReaders.showing(reader),
      modules: [],
      serviceSocket: undefined,
      readCard: () => Promise.reject(new Failure('card-absent')),
      ...world,
    }),
  };
}

const stopped = { readers: StillReaders.failing('service-stopped') };

export const recordedCases: readonly FaultCase[] = [
  recorded(
    'Windows: SCardSvr stopped',
    'windows-service-stopped',
    () => recordedSystem('win32', windows.stopped),
    stopped,
  ),
  recorded(
    'Windows: SCardSvr disabled',
    'windows-service-disabled',
    () => recordedSystem('win32', windows.disabled),
    stopped,
  ),
  recorded(
    'Windows: certificate propagation busy with the card',
    'card-in-use-unnamed',
    () => recordedSystem('win32', windows.running),
    {
      readCard: () => Promise.reject(new Failure('reader-held', { parameters: { reader } })),
    },
  ),
  recorded(
    'Windows: remote desktop without a redirected reader',
    'remote-session-without-reader',
    () => recordedSystem('win32', windows.running, { SESSIONNAME: 'RDP-Tcp#3' }),
    { readers: StillReaders.showing() },
    { session: 'RDP' },
  ),
  recorded(
    'Windows: Citrix without a redirected reader',
    'remote-session-without-reader',
    () => recordedSystem('win32', windows.running, { SESSIONNAME: 'ICA-tcp#0' }),
    { readers: StillReaders.showing() },
    { session: 'Citrix' },
  ),
  recorded('macOS 14 with Apple’s driver', 'macos-driver', () => recordedSystem('darwin', macos.sonoma)),
  recorded('macOS 14 with the IFD driver', 'card-not-inserted', () =>
    recordedSystem('darwin', macos['sonoma-ifd']),
  ),
  recorded('macOS 13', 'card-not-inserted', () => recordedSystem('darwin', macos.ventura)),
];
