import { isFailure } from '../../contract/failures/failure.ts';
import type { Iso7816 } from '../card/iso7816.ts';
import type { LayoutProfile, ProfileKey, ProfilePin } from '../card/profiles/schema.ts';
import type { Step } from '../card/profiles/step.ts';
import { StepRunner } from '../card/profiles/step-runner.ts';
import { StatusWord, statusOf } from '../card/status-word.ts';
import { readTlvHeader } from '../card/tlv.ts';
import { type CertificateFacts, readCertificate } from './certificate-facts.ts';
import { certificateRole, roleOfLabel } from './certificate-role.ts';
import { fitsKey, publicKeyShape } from './key-algorithms.ts';
import { namePins } from './pin-naming.ts';
import type { ModelCertificate, ModelKey, TokenModel, UnnamedPin } from './token-model.ts';

const sequenceTag = 0x30;

/** Answers to SELECT that mean: this is not the card that the profile describes. */
const notThere: readonly (number | undefined)[] = [
  StatusWord.fileNotFound,
  StatusWord.functionNotSupported,
  StatusWord.incorrectP1P2,
  StatusWord.instructionNotSupported,
  StatusWord.classNotSupported,
];

/**
 * Reads a card by a layout profile, with SELECT and READ BINARY only.
 *
 * The profile is confirmed by what it finds: its applications and certificate files. Where a certificate is
 * missing, the application of its key is asked for instead.
 * @returns undefined when the card does not have what the profile describes: then nothing of it may be used.
 * @throws Failure `card-malformed`, `card-refused` and those of the channel.
 */
export async function profileModel(card: Iso7816, profile: LayoutProfile): Promise<TokenModel | undefined> {
  const runner = new StepRunner(card);
  const found: { key: ProfileKey; facts: CertificateFacts | undefined }[] = [];
  for (const key of profile.keys) {
    const bytes = await readIfThere(runner, key.certificate);
    if (!bytes && !(await canSelect(runner, key.sign))) return undefined;
    const der = bytes && firstSequence(bytes);
    found.push({ key, facts: der && readCertificate(der) });
  }
  const pins = profile.pins.map((pin) => unnamedPin(pin, profile));
  const guarded = found.map(({ key, facts }) => ({
    pin: key.pin,
    role: facts ? certificateRole(facts, key.label) : roleOfLabel(key.label),
  }));
  return {
    source: `profile:${profile.id}`,
    label: profile.label,
    serial: profile.serial ? await readSerial(runner, profile.serial) : '',
    simulated: profile.status === 'simulated',
    pins: namePins(pins, guarded),
    certificates: found.flatMap(({ key, facts }): ModelCertificate[] =>
      facts
        ? [
            {
              id: key.id,
              label: key.label,
              role: certificateRole(facts, key.label),
              facts,
              key: modelKey(key, facts),
            },
          ]
        : [],
    ),
    logout: profile.logout,
  };
}

/** The file of a reading program; undefined when a SELECT on the way says that there is no such file. */
async function readIfThere(runner: StepRunner, steps: readonly Step[]): Promise<Uint8Array | undefined> {
  try {
    return (await runner.run(steps)).data;
  } catch (error) {
    if (notThere.includes(statusOf(error))) return undefined;
    throw error;
  }
}

/** Whether the applications of a program can be selected. */
async function canSelect(runner: StepRunner, steps: readonly Step[]): Promise<boolean> {
  const selections = steps.filter(({ verb }) => verb === 'select-name' || verb === 'select-path');
  try {
    await runner.run(selections);
    return selections.length > 0;
  } catch (error) {
    if (isFailure(error, 'card-refused')) return false;
    throw error;
  }
}

/** The SEQUENCE at the front of a file; undefined for a file that nothing was written to. */
function firstSequence(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] === undefined || bytes.every((byte) => byte === bytes[0])) return undefined;
  const header = readTlvHeader(bytes);
  const length =
    header && header.tag === sequenceTag ? header.headerLength + header.valueLength : bytes.length;
  return bytes.subarray(0, length);
}

/** The text of the one primitive object in the serial number's file; '' when there is none to be had. */
async function readSerial(runner: StepRunner, steps: readonly Step[]): Promise<string> {
  try {
    const { data } = await runner.run(steps);
    const header = readTlvHeader(data);
    if (!header || header.constructed) return '';
    const text = Buffer.from(data.subarray(header.headerLength, header.headerLength + header.valueLength));
    return /^[A-Za-z0-9]{1,32}$/.test(text.toString('latin1')) ? text.toString('latin1') : '';
  } catch (error) {
    // A card without a readable serial number is usable all the same.
    if (isFailure(error, 'card-refused', 'card-malformed')) return '';
    throw error;
  }
}

function unnamedPin(pin: ProfilePin, profile: LayoutProfile): UnnamedPin {
  return {
    id: pin.id,
    unblocks: profile.pins.some((other) => other.puk === pin.id),
    label: pin.label,
    address: { reference: pin.reference, padding: pin.padding },
    coding: 'ascii',
    digitsOnly: true,
    length: pin.length,
    changeFirst: false,
    puk: pin.puk,
    tries: pin.tries,
    verify: pin.verify,
    change: pin.change,
    unblock: pin.unblock,
  };
}

function modelKey(key: ProfileKey, facts: CertificateFacts): ModelKey | undefined {
  const shape = publicKeyShape(facts.x509.publicKey);
  if (shape === undefined) return undefined;
  const ways = key.algorithms.map(({ kind, hash, reference }) => ({
    algorithm: { kind, hash },
    reference,
    steps: key.sign,
  }));
  return { pin: key.pin, shape, ways: ways.filter(({ algorithm }) => fitsKey(algorithm, shape)) };
}
