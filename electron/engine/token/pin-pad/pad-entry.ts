import type { SecretEntry, SecretStep } from '../../card/profiles/step-runner.ts';
import type { PinResult } from '../../card/status-word.ts';
import type { ModelPin } from '../token-model.ts';
import type { PinPad } from './pin-pad.ts';
import { type EntryRules, layoutDigits, type PinLayout, pinLayout } from './structures.ts';

/** Instruction bytes of the commands that carry a PIN (ISO 7816-4, 11.5). */
const Instruction = { verify: 0x20, change: 0x24, unblock: 0x2c } as const;

/** A PIN of a card as a keypad can take it. */
interface PadForm {
  readonly layout: PinLayout;
  readonly rules: EntryRules;
}

function formOf(pad: PinPad, pin: ModelPin, length = pin.length): PadForm | undefined {
  const entry = { coding: pin.coding, padding: pin.address.padding };
  const layout = pinLayout(entry);
  const rules = pad.rules({ min: length.min, max: Math.min(length.max, layoutDigits(entry)) });
  return layout && rules && { layout, rules };
}

/** Two secrets in one command stand in blocks of the same form, or the reader could not tell where the second begins. */
function formOfTwo(pad: PinPad, old: ModelPin, fresh: ModelPin): PadForm | undefined {
  const [a, b] = [old.address.padding, fresh.address.padding];
  if (!a || !b || a.storedLength !== b.storedLength || a.padByte !== b.padByte) return undefined;
  // Where the second block's count of digits would stand, part 10 does not say.
  if (old.coding !== fresh.coding || old.coding === 'iso9564-1') return undefined;
  const length = {
    min: Math.min(old.length.min, fresh.length.min),
    max: Math.max(old.length.max, fresh.length.max),
  };
  return formOf(pad, fresh, length);
}

/** What a reader's keypad can do for the PINs of one card. */
export class PadEntry implements SecretEntry {
  readonly #pad: PinPad;
  readonly #pins: ReadonlyMap<string, ModelPin>;

  constructor(pad: PinPad, pins: readonly ModelPin[]) {
    this.#pad = pad;
    this.#pins = new Map(pins.map((pin) => [pin.id, pin]));
  }

  /** Whether the PIN of VERIFY can be typed at the reader. */
  verifies(pin: ModelPin): boolean {
    return this.#pad.canVerify && formOf(this.#pad, pin) !== undefined;
  }

  /** Whether a PIN can be changed there. A transport PIN may be shorter than its successor: one limit does not fit both. */
  changes(pin: ModelPin): boolean {
    return !pin.changeFirst && this.#pad.canModify && formOfTwo(this.#pad, pin, pin) !== undefined;
  }

  /** Whether a PIN can be unblocked there, PUK included. */
  unblocks(pin: ModelPin, puk: ModelPin): boolean {
    const together = pin.unblock?.every((step) => step.verb !== 'unblock' || step.with === 'puk-and-pin');
    if (together) return this.#pad.canModify && formOfTwo(this.#pad, puk, pin) !== undefined;
    return this.verifies(puk) && this.#pad.canModify && formOf(this.#pad, pin) !== undefined;
  }

  async present(step: SecretStep, current: string | undefined): Promise<PinResult> {
    const pin = this.#pin(step.pin);
    const { reference } = pin.address;
    const pad = this.#pad;
    const header = (p1: number): Uint8Array => Uint8Array.of(0x00, Instruction[step.verb], p1, reference);
    switch (step.verb) {
      case 'verify': {
        const { layout, rules } = this.#need(formOf(pad, pin));
        return pad.verify(header(0x00), layout, rules, nameOf(pin));
      }
      case 'change': {
        const { layout, rules } = this.#need(formOfTwo(pad, pin, pin));
        return pad.modify(header(0x00), layout, rules, true, nameOf(pin));
      }
      case 'unblock': {
        if (step.with === 'pin-after-puk') {
          const { layout, rules } = this.#need(formOf(pad, pin));
          return pad.modify(header(0x02), layout, rules, false, nameOf(pin));
        }
        const puk = this.#pin(current ?? '');
        const { layout, rules } = this.#need(formOfTwo(pad, puk, pin));
        return pad.modify(header(0x00), layout, rules, true, nameOf(pin));
      }
    }
  }

  #pin(id: string): ModelPin {
    const pin = this.#pins.get(id);
    if (!pin) throw new RangeError('a card program names a PIN that the card does not have');
    return pin;
  }

  #need(form: PadForm | undefined): PadForm {
    if (!form) throw new RangeError('the keypad was asked for a PIN that it cannot take');
    return form;
  }
}

function nameOf({ name, label, length }: ModelPin) {
  return { pin: name ?? label, length };
}
