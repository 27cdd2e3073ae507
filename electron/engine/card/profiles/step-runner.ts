import { Failure } from '../../../contract/failures/failure.ts';
import type { SecretBytes } from '../../../contract/pin/secret-bytes.ts';
import type { Iso7816, PinPadding, Selection } from '../iso7816.ts';
import { SelectBy, SelectReturn } from '../iso7816.ts';
import { expectSuccess, type PinResult, refusedByCard, StatusWord } from '../status-word.ts';
import { encodeTlv, readTlvHeader, readTlvList, type Tlv } from '../tlv.ts';
import { algorithmPlace, type Step } from './step.ts';

/** How a PIN is addressed and laid out in commands. */
export interface PinAddress {
  /** P2 of VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER. */
  readonly reference: number;
  /** Absent: the PIN goes as it is. */
  readonly padding?: PinPadding | undefined;
}

/** The secrets of one operation, by the id of the PIN they are for; the new PIN of a change or unblocking. */
export interface StepSecrets {
  readonly current: ReadonlyMap<string, SecretBytes>;
  readonly replacement?: SecretBytes;
}

/** A step that carries a PIN. */
export type SecretStep = Extract<Step, { verb: 'verify' | 'change' | 'unblock' }>;

/** Secrets that are typed elsewhere: a reader with keys puts them into the command itself. */
export interface SecretEntry {
  /**
   * Sends the command of the step, once.
   * @param current id of the PIN or PUK whose try is at stake
   */
  present(step: SecretStep, current: string | undefined): Promise<PinResult>;
}

/** What a key operation signs, in the forms that programs ask for. */
export interface StepSigning {
  readonly digest: Uint8Array;
  readonly digestInfo?: Uint8Array | undefined;
  readonly emsaPss?: Uint8Array | undefined;
  /** What `{algorithm}` stands for. */
  readonly algorithmReference?: number | undefined;
  /** Bytes of the answer, at most. */
  readonly length: number;
}

export interface StepContext {
  readonly secrets?: StepSecrets;
  /** In place of `secrets`. */
  readonly entry?: { readonly by: SecretEntry; readonly current: string };
  readonly signing?: StepSigning;
}

/** What the last step of a program brought. */
export interface StepOutcome {
  /** Of read-file, get-data, pso-cds and internal-authenticate; else empty. */
  readonly data: Uint8Array;
  /** Of pin-status. */
  readonly status?: PinResult;
}

/** The card did not accept a PIN: thrown by `run`, so that no step after it is carried out. */
export class PinNotAccepted extends Error {
  override readonly name = 'PinNotAccepted';
  readonly pin: string;
  readonly verb: 'verify' | 'change' | 'unblock';
  readonly result: PinResult;

  constructor(pin: string, verb: PinNotAccepted['verb'], result: PinResult) {
    super(`${verb} was not accepted`);
    this.pin = pin;
    this.verb = verb;
    this.result = result;
  }
}

const nothing = new Uint8Array(0);
const masterFile = Uint8Array.of(0x3f, 0x00);

/** Status words by which a card says that it does not know this way of selecting. */
const methodUnknown: readonly number[] = [
  StatusWord.functionNotSupported,
  StatusWord.incorrectP1P2,
  StatusWord.wrongOffset,
  StatusWord.wrongLength,
];

/**
 * Carries out programs of steps on one card.
 *
 * It remembers what is selected and leaves out a SELECT that would change nothing. That memory holds only while
 * nobody else can talk to the card: {@link forgetSelection} belongs at the beginning of every transaction.
 */
export class StepRunner {
  readonly #card: Iso7816;
  readonly #pins: ReadonlyMap<string, PinAddress>;
  /** The selections that led to where the card is now; undefined when that is not known. */
  #selected: string | undefined;
  #lastSelection: Selection | undefined;
  #accepted = false;
  #knowsPaths = true;
  readonly #returns: number[] = [SelectReturn.nothing, SelectReturn.fcp, SelectReturn.fci];

  constructor(card: Iso7816, pins: ReadonlyMap<string, PinAddress> = new Map()) {
    this.#card = card;
    this.#pins = pins;
  }

  /** Whether a PIN or PUK has been accepted since {@link forgetAccepted}: the card may hold it verified. */
  get pinAccepted(): boolean {
    return this.#accepted;
  }

  forgetAccepted(): void {
    this.#accepted = false;
  }

  forgetSelection(): void {
    this.#selected = undefined;
    this.#lastSelection = undefined;
  }

  /**
   * Runs a program to its end.
   * @throws PinNotAccepted when the card refused a PIN; nothing was sent after it.
   * @throws Failure `card-refused` when it refused another command, `card-malformed`, `pin-outcome-unknown` and
   *   those of the channel.
   */
  async run(steps: readonly Step[], context: StepContext = {}): Promise<StepOutcome> {
    let outcome: StepOutcome = { data: nothing };
    for (const step of steps) outcome = await this.#step(step, context);
    return outcome;
  }

  async #step(step: Step, context: StepContext): Promise<StepOutcome> {
    const card = this.#card;
    switch (step.verb) {
      case 'select-name':
        await this.#select(`name ${hex(step.name)}`, () =>
          card.selectByName(step.name, { p2: SelectReturn.nothing }),
        );
        return { data: nothing };
      case 'select-path':
        await this.#selectPath(step.path, step.from);
        return { data: nothing };
      case 'read-file':
        return { data: await this.#readFile(step.maximum) };
      case 'get-data': {
        const object = ((step.object[0] ?? 0) << 8) | (step.object[1] ?? 0);
        const response = expectSuccess(await card.getData(object, step.data), 'GET DATA');
        return { data: descend(response.data, step.find) };
      }
      case 'pin-status':
        return { data: nothing, status: await card.pinStatus(this.#pin(step.pin).reference) };
      case 'verify':
      case 'change':
      case 'unblock':
        await this.#present(step, context);
        return { data: nothing };
      case 'mse-set': {
        const template = step.template === 'B6' ? 0xb6 : 0xa4;
        const data = fill(step.data, context.signing?.algorithmReference);
        expectSuccess(
          await card.manageSecurityEnvironment(0x41, template, data),
          'MANAGE SECURITY ENVIRONMENT',
        );
        return { data: nothing };
      }
      case 'pso-hash': {
        const { digest } = signingOf(context);
        expectSuccess(await card.hash(encodeTlv(0x90, digest)), 'PSO HASH');
        return { data: nothing };
      }
      case 'pso-cds': {
        const signing = signingOf(context);
        const response = await card.computeDigitalSignature(inputOf(signing, step), signing.length);
        return { data: expectSuccess(response, 'PSO COMPUTE DIGITAL SIGNATURE').data };
      }
      case 'internal-authenticate': {
        const signing = signingOf(context);
        const response = await card.internalAuthenticate(inputOf(signing, step), signing.length);
        return { data: expectSuccess(response, 'INTERNAL AUTHENTICATE').data };
      }
      case 'logout': {
        const reference = step.pin === undefined ? undefined : this.#pin(step.pin).reference;
        expectSuccess(await card.logout(reference), 'log-out');
        return { data: nothing };
      }
    }
  }

  async #selectPath(path: Uint8Array, from: 'mf' | 'current'): Promise<void> {
    if (from === 'mf') {
      await this.#select(`mf ${hex(path)}`, () => this.#selectFromMf(path));
      return;
    }
    // What the path means depends on where we are, so it is never left out.
    await this.#select(`${this.#selected ?? 'somewhere'} > ${hex(path)}`, () =>
      this.#card.selectFile(path, { p1: SelectBy.pathFromCurrentDf, p2: SelectReturn.fcp }),
    );
  }

  /** By path; on a card that does not know this way, file by file. What works is remembered. */
  async #selectFromMf(path: Uint8Array): Promise<Selection> {
    if (this.#knowsPaths && path.length > 2) {
      const selection = await this.#selectReturning(path, SelectBy.pathFromMf);
      if (selection.selected || !methodUnknown.includes(selection.sw)) return selection;
      this.#knowsPaths = false;
    }
    let selection = await this.#selectReturning(masterFile, SelectBy.fileIdentifier);
    for (let at = isMasterFile(path) ? 2 : 0; at < path.length && selection.selected; at += 2) {
      selection = await this.#selectReturning(path.subarray(at, at + 2), SelectBy.fileIdentifier);
    }
    return selection;
  }

  /** Some cards refuse to answer nothing, others to answer something. */
  async #selectReturning(data: Uint8Array, p1: number): Promise<Selection> {
    for (;;) {
      const [p2 = SelectReturn.fci] = this.#returns;
      const selection = await this.#card.selectFile(data, { p1, p2 });
      if (selection.sw !== StatusWord.incorrectP1P2 || this.#returns.length <= 1) return selection;
      this.#returns.shift();
    }
  }

  async #select(place: string, send: () => Promise<Selection>): Promise<void> {
    if (this.#selected === place) return;
    this.#selected = undefined;
    const selection = await send();
    if (!selection.selected) throw refusedByCard(selection.sw, 'SELECT');
    this.#selected = place;
    this.#lastSelection = selection;
  }

  async #readFile(maximum: number): Promise<Uint8Array> {
    const size = this.#lastSelection?.file.size;
    return this.#card.readBinary({ size, length: maximum, enough: firstObject });
  }

  async #present(step: SecretStep, { secrets, entry }: StepContext): Promise<void> {
    const result = entry
      ? await entry.by.present(step, entry.current)
      : await this.#sendSecret(step, secrets);
    if (result.verdict !== 'accepted') throw new PinNotAccepted(step.pin, step.verb, result);
    this.#accepted = true;
  }

  #sendSecret(step: SecretStep, secrets: StepSecrets | undefined): Promise<PinResult> {
    const card = this.#card;
    const { reference, padding } = this.#pin(step.pin);
    const replacement = (): SecretBytes => secrets?.replacement ?? missing('new PIN');
    const current = (id: string): SecretBytes => secrets?.current.get(id) ?? missing(id);
    switch (step.verb) {
      case 'verify':
        return card.verify(reference, current(step.pin), padding);
      case 'change':
        return card.changeReferenceData(reference, current(step.pin), replacement(), padding);
      case 'unblock': {
        if (step.with === 'pin-after-puk')
          return card.setPinAfterUnblocking(reference, replacement(), padding);
        const [puk] = secrets?.current.keys() ?? [];
        if (puk === undefined) return missing('PUK');
        return card.resetRetryCounter(
          reference,
          current(puk),
          replacement(),
          padding,
          this.#pin(puk).padding,
        );
      }
    }
  }

  #pin(id: string): PinAddress {
    return this.#pins.get(id) ?? missing(`PIN ${id}`);
  }
}

/** The files of profiles hold one data object each: its header tells how much of the file matters. */
function firstObject(soFar: Uint8Array): number | undefined {
  // 00 or FF stands in a file that nobody has written to yet.
  if (soFar[0] === 0x00 || soFar[0] === 0xff) return soFar.length;
  const header = readTlvHeader(soFar);
  return header && header.headerLength + header.valueLength;
}

function signingOf(context: StepContext): StepSigning {
  return context.signing ?? missing('digest');
}

function inputOf(
  signing: StepSigning,
  { input, cut, fill: fillTo }: Omit<Extract<Step, { verb: 'pso-cds' }>, 'verb'>,
): Uint8Array {
  switch (input) {
    case undefined:
      return nothing;
    case 'digest-info':
      return signing.digestInfo ?? missing('DigestInfo');
    case 'emsa-pss':
      return signing.emsaPss ?? missing('PSS block');
    case 'digest': {
      const digest = signing.digest.subarray(0, cut);
      const zeros = Math.max(0, (fillTo ?? 0) - digest.length);
      return Buffer.concat([Buffer.alloc(zeros), digest]);
    }
  }
}

function fill(template: string, reference: number | undefined): Uint8Array {
  const text = template.replaceAll(algorithmPlace, () =>
    (reference ?? missing('algorithm reference')).toString(16).padStart(2, '0'),
  );
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** The value reached by going down tag by tag. @throws Failure `card-malformed` when a tag is not there */
function descend(bytes: Uint8Array, tags: readonly number[]): Uint8Array {
  let objects: readonly Tlv[] = readTlvList(bytes, { padding: true });
  let found: Tlv | undefined;
  for (const tag of tags) {
    if (found) objects = found.children();
    found = objects.find((object) => object.tag === tag);
    if (!found)
      throw new Failure('card-malformed', { detail: 'GET DATA answered without the object asked for' });
  }
  return found?.value ?? nothing;
}

/** A program asks for something that its caller did not give: a bug, noticed before anything is sent. */
function missing(what: string): never {
  throw new Failure('internal', { detail: `a card program lacks its ${what}` });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function isMasterFile(path: Uint8Array): boolean {
  return path[0] === 0x3f && path[1] === 0x00;
}
