/** Where the parts lie: in the installed application, and in the project while it is developed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentProgram } from '../../client/agent-process.ts';

export interface Installation {
  /** The built pages. */
  readonly pages: string;
  readonly preload: string;
  readonly program: AgentProgram;
  /** Of Buletin. */
  readonly version: string;
}

export interface InstallationPlace {
  /** `app.getAppPath()`: Electron's archive, or the project. */
  readonly application: string;
  /** `process.resourcesPath`. */
  readonly resources: string;
  readonly packaged: boolean;
  readonly platform: NodeJS.Platform;
  /** Of the process; read in development only. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * The installed program lies beside the archive, because Node (which is not Electron) cannot read archives. In
 * development Node is the one that npm runs, named by `BULETIN_NODE`.
 * @throws Error when a part is missing
 */
export function findInstallation(place: InstallationPlace): Installation {
  const { application, resources, packaged, platform, environment } = place;
  const program = packaged ? join(resources, 'program') : application;
  const node = packaged
    ? join(program, 'runtime', platform === 'win32' ? 'node.exe' : 'node')
    : (environment.BULETIN_NODE ?? '');
  const entry = join(program, 'electron', 'engine', 'agent', 'main.ts');
  if (node === '') throw new Error('BULETIN_NODE names no Node: start with `npm start`');
  for (const file of [node, entry]) if (!existsSync(file)) throw new Error(`${file} is missing`);
  const manifest = JSON.parse(readFileSync(join(application, 'package.json'), 'utf8')) as { version: string };
  return {
    pages: join(application, 'out', 'window'),
    preload: join(application, 'out', 'electron', 'preload.cjs'),
    program: { node, entry },
    version: manifest.version,
  };
}
