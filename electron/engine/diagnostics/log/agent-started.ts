import { programVersion } from '../program-version.ts';
import type { LogEvent } from './log-events.ts';

/** The first event of an agent: what it is, and where its cards come from. */
export function agentStarted(options: {
  readonly sandbox: string | undefined;
  readonly module: string | undefined;
  readonly replay: string | undefined;
}): LogEvent {
  const { sandbox, module, replay } = options;
  const { platform } = process;
  return {
    event: 'agent-started',
    world:
      sandbox !== undefined
        ? 'sandbox'
        : replay !== undefined
          ? 'replay'
          : module !== undefined
            ? 'module'
            : 'pcsc',
    platform: platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other',
    version: numbers(programVersion()),
    node: numbers(process.versions.node),
  };
}

function numbers(version: string): [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = version
    .split(/[.+-]/)
    .map((part) => Number.parseInt(part, 10) || 0);
  return [major, minor, patch];
}
