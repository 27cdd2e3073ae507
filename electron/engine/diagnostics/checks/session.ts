/** How this person sits at the computer, and what this program is packed in. */
import type { SystemView } from '../system/system-view.ts';

/** `local`, or by what the person is connected. */
export function sessionKind({ environment, platform }: SystemView): 'local' | 'SSH' | 'RDP' | 'Citrix' {
  if (environment.SSH_CONNECTION || environment.SSH_TTY) return 'SSH';
  if (environment.XRDP_SESSION) return 'RDP';
  if (environment.ICA_SESSION || /^ICA-/i.test(environment.SESSIONNAME ?? '')) return 'Citrix';
  return platform === 'win32' && /^RDP-/i.test(environment.SESSIONNAME ?? '') ? 'RDP' : 'local';
}

/** The confined package this program runs in, if any. */
export async function confinement(system: SystemView): Promise<'snap' | 'flatpak' | undefined> {
  if (await system.exists('/.flatpak-info')) return 'flatpak';
  const { SNAP, SNAP_NAME } = system.environment;
  return SNAP && SNAP_NAME ? 'snap' : undefined;
}
