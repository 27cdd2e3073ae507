import { EchoCard } from './echo-card.ts';

/** An echo card whose command `80 40 00 00` ends its process as a crash would, before there is an answer. */
export class CrashingCard extends EchoCard {
  override transmit(command: Uint8Array): Uint8Array {
    if (command[0] === 0x80 && command[1] === 0x40) process.kill(process.pid, 'SIGKILL');
    return super.transmit(command);
  }
}
