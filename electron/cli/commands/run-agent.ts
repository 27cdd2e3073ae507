/** `buletin agent`: keeps an agent running for this user, for other calls of the command line and for windows. */
import { spawn } from 'node:child_process';
import { agentArguments, agentEntry } from '../../client/agent-process.ts';
import { agentSocketPaths, connectToRunningAgent } from '../../client/agent-socket.ts';
import { compileCacheEnvironment } from '../../client/compile-cache.ts';
import { Failure } from '../../contract/failures/failure.ts';
import type { CliOptions } from '../arguments.ts';
import type { Output } from '../output.ts';

/** Runs in the foreground until Ctrl-C, SIGTERM or `agent.stop`. Returns the agent's exit code. */
export async function runAgent(options: CliOptions, out: Output): Promise<number> {
  const running = await connectToRunningAgent();
  if (running) {
    running.stream.destroy();
    throw new Failure('agent-running');
  }
  const { socket } = agentSocketPaths();
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      agentEntry,
      `--socket=${socket}`,
      ...agentArguments({
        ...(options.sandbox === undefined ? {} : { sandbox: options.sandbox }),
        ...(options.reader === undefined ? {} : { reader: options.reader }),
        ...(options.settings === undefined ? {} : { settings: options.settings }),
        ...(options.module === undefined ? {} : { module: options.module }),
        ...(options.portal === undefined ? {} : { portal: options.portal }),
      }),
    ],
    {
      env: { ...process.env, ...compileCacheEnvironment },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      windowsHide: true,
    },
  );
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', pass);
  process.on('SIGTERM', pass);
  child.once('message', () => {
    out.result({ agent: { socket } }, () => [out.text.t('agent.listening', { socket })]);
    child.disconnect();
  });
  const code = await new Promise<number>((resolve) => {
    child.once('exit', (exitCode, signal) =>
      resolve(exitCode ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 70)),
    );
    child.once('error', () => resolve(70));
  });
  process.off('SIGINT', pass);
  process.off('SIGTERM', pass);
  return code;
}
