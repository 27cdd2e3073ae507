/**
 * The agent's process. It serves either one parent over an inherited pipe (`--pipe`, file descriptor 3), and ends
 * with it, or any client of the same user over a socket (`--socket=PATH`).
 */
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { parseArgs } from 'node:util';
import { asFailure } from '../../contract/failures/failure.ts';
import { failureToWire } from '../../contract/model/failure.ts';
import { writeFrame } from '../../contract/protocol/framing.ts';
import { agentStarted } from '../diagnostics/log/agent-started.ts';
import { logFolder } from '../diagnostics/log/log-folder.ts';
import { ProgramLog } from '../diagnostics/log/program-log.ts';
import { Agent } from './agent.ts';
import { compose } from './composition/compose.ts';
import { loadDemonstrations } from './composition/training/load-demonstrations.ts';
import { type AgentSocket, listenForClients } from './socket.ts';

const { values } = parseArgs({
  options: {
    pipe: { type: 'boolean' },
    socket: { type: 'string' },
    sandbox: { type: 'string' },
    reader: { type: 'string' },
    settings: { type: 'string' },
    module: { type: 'string' },
    portal: { type: 'string' },
    replay: { type: 'string' },
  },
  strict: true,
});

process.title = 'buletin-agent';

let ending = false;
let agent: Agent | undefined;
let socket: AgentSocket | undefined;

/** Signs out, wipes and ends; ends hard when that takes too long. */
async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  const hard = setTimeout(() => process.exit(code), 3_000);
  hard.unref();
  try {
    await socket?.close();
    await agent?.close();
  } finally {
    process.exit(code);
  }
}

// A fault must not leave a half-working agent behind. What it was about may be personal: only its kind is said.
process.on('uncaughtException', (error) => {
  process.stderr.write(`buletin-agent: ${error.name} at ${firstFrame(error)}\n`);
  process.exit(70);
});
process.once('SIGTERM', () => void end(0));
process.on('SIGINT', () => {
  // The terminal sends Ctrl-C to the whole group; an agent on a pipe ends when its parent has cancelled.
  if (!values.pipe) void end(0);
});

const pipe = values.pipe ? new Socket({ fd: 3, readable: true, writable: true }) : undefined;
const world = await compose({
  ...(values.sandbox === undefined ? {} : { sandbox: values.sandbox }),
  ...(values.settings === undefined ? {} : { settings: values.settings }),
  ...(values.module === undefined ? {} : { module: values.module }),
  ...(values.portal === undefined ? {} : { portal: values.portal }),
  ...(values.replay === undefined ? {} : { replay: values.replay }),
}).catch(refuse);

if (pipe) {
  pipe.once('close', () => void end(0));
  await serve((accept) => accept(pipe));
} else if (values.socket !== undefined) {
  const path = values.socket;
  let accept: ((stream: Duplex) => void) | undefined;
  try {
    socket = await listenForClients(path, (stream) => accept?.(stream));
  } catch (thrown) {
    refuse(thrown);
  }
  await serve((to) => {
    accept = to;
  });
  process.send?.('listening');
} else {
  process.stderr.write('buletin-agent: --pipe or --socket is needed\n');
  process.exit(2);
}

/** Says why the agent cannot start, to the parent where there is one, and ends. */
function refuse(thrown: unknown): never {
  const failure = asFailure(thrown);
  if (pipe) {
    // A pipe takes a small frame at once; the parent reads it even when we are gone.
    writeFrame(pipe, { type: 'refused', failure: failureToWire(failure) });
  } else {
    process.stderr.write(`buletin-agent: ${failure.code}\n`);
  }
  process.exit(failure.entry.exit);
}

async function serve(open: (accept: (stream: Duplex) => void) => void): Promise<void> {
  const log = new ProgramLog({ folder: logFolder() });
  const { sandbox, module, replay } = values;
  log.write(agentStarted({ sandbox, module, replay }));
  const started = new Agent({
    ...world,
    log,
    demonstrations: loadDemonstrations,
    ...(values.reader === undefined ? {} : { reader: values.reader }),
    ...(socket === undefined ? {} : { connectionKey: socket.connectionKey }),
    onStop: () => void end(0),
  });
  agent = started;
  await started.start();
  open((stream) => started.accept(stream));
}

function firstFrame(error: Error): string {
  return (
    error.stack
      ?.split('\n')
      .find((line) => line.trimStart().startsWith('at '))
      ?.trim()
      .slice(3) ?? '?'
  );
}
