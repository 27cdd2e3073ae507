/** What looks at foreign bytes for the helpdesk: it never fails, and gives out no more than it may. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { certificateInspectionSchema } from '../../electron/contract/diagnostics/inspect.ts';
import { type MonitorLine, monitorLineSchema } from '../../electron/contract/diagnostics/monitor.ts';
import { asn1Tree } from '../../electron/engine/diagnostics/inspect/asn1-tree.ts';
import { CardMonitor } from '../../electron/engine/diagnostics/monitor/card-monitor.ts';
import { observeCommand } from '../../electron/engine/diagnostics/observing/observed-command.ts';
import { RedactedFiles } from '../../electron/engine/diagnostics/trace/redacted-files.ts';
import { freshCard, pins } from '../engine/token/desk.ts';
import { forAll, must, mutated, patience } from './fuzzing.ts';

const nodes = certificateInspectionSchema.shape.structure;
const card = { reader: 'Fuzz', atr: Uint8Array.of(0x3b, 0x00) };
/** Beginnings of commands that mean something. */
const header = fc.tuple(
  fc.constantFrom(0x00, 0x10, 0x0c, 0x80, 0x01),
  fc.constantFrom(0x20, 0x22, 0x24, 0x2a, 0x2c, 0xa4, 0xb0, 0xb2, 0xc0, 0xca, 0xcb, 0x88),
  fc.nat(255),
  fc.nat(255),
);
const command = fc
  .tuple(header, fc.uint8Array({ maxLength: 40 }))
  .map(([first, rest]) => Uint8Array.from([...first, ...rest]));

describe('bytes looked at for the helpdesk', { timeout: patience }, () => {
  it('any certificate, however broken, becomes a tree within bounds', async () => {
    const { certificates } = await freshCard({ card: 'eid' });
    await forAll(
      3_000,
      fc.property(mutated(Object.values(certificates)), (bytes) => {
        const structure = asn1Tree(bytes);
        must(nodes.safeParse(structure).success, 'not of the contract');
        for (const { offset, headerLength, length } of structure.nodes) {
          must(offset + headerLength + length <= bytes.length, 'a node outside its bytes');
        }
      }),
    );
  });

  it('any command and any answer become a line of the monitor', async () => {
    const lines: MonitorLine[] = [];
    const monitor = new CardMonitor((more) => lines.push(...more));
    await forAll(
      3_000,
      fc.property(command, fc.uint8Array({ maxLength: 12 }), (apdu, answer) => {
        lines.length = 0;
        monitor.exchanged(card, observeCommand(apdu), { bytes: answer }, 1);
        monitor.close();
        must(lines.length === 1 && monitorLineSchema.safeParse(lines[0]).success, 'not of the contract');
      }),
    );
  });

  it('a PIN in a PIN command is never handed on, wherever the command is broken', async () => {
    const pin = Buffer.from(pins.PUK);
    await forAll(
      3_000,
      fc.property(
        header,
        fc.uint8Array({ maxLength: 8 }),
        fc.uint8Array({ maxLength: 8 }),
        (first, before, after) => {
          const [cla, , p1, p2] = first;
          for (const ins of [0x20, 0x24, 0x2c]) {
            const apdu = Uint8Array.from([cla, ins, p1, p2, ...before, ...pin, ...after]);
            const { data } = observeCommand(apdu);
            must(data === undefined || data.kind === 'secret', 'bytes of a PIN command');
          }
        },
      ),
    );
  });

  it('a file keeps its length, and text that is not of cards is not in it', async () => {
    const name = Buffer.from('Țurcanu');
    await forAll(
      3_000,
      fc.property(
        fc.constantFrom(0x2f00, 0x2f01, 0x5031, 0x5032, 0x4401, undefined),
        fc.uint8Array({ maxLength: 60 }),
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom(0x0c, 0x13, 0x50, 0x80, 0x04, 0x30),
        (file, before, after, tag) => {
          const object = [tag, name.length, ...name];
          const content = Uint8Array.from([0x30, object.length, ...object, ...before, ...object, ...after]);
          const redacted = Buffer.from(new RedactedFiles().redact(file, content));
          must(redacted.length === content.length, 'another length');
          must(!redacted.includes(name), 'a name');
        },
      ),
    );
  });
});
