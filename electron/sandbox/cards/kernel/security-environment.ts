import type { CardKey, KeyOperation } from './private-key.ts';
import { refuse, Sw } from './status-word.ts';

/** Templates of a security environment (ISO 7816-4 table 67) that the cards know. */
export const Template = { authentication: 0xa4, signature: 0xb6, confidentiality: 0xb8 } as const;
export type TemplateTag = (typeof Template)[keyof typeof Template];

/** What a layout lets keys do. */
export interface EnvironmentRules {
  readonly keys: readonly CardKey[];
  readonly templates: readonly TemplateTag[];
  /** Whether a key may be named in a template. */
  allows(key: CardKey, template: TemplateTag): boolean;
  /**
   * The operation behind an algorithm reference (hexadecimal value of data object 80), or the default one when
   * none was given. Undefined: the card does not know it.
   */
  operation(key: CardKey, template: TemplateTag, algorithm: string | undefined): KeyOperation | undefined;
}

interface TemplateContent {
  readonly key: CardKey;
  readonly operation: KeyOperation;
}

/** The current security environment: which key does what in which template. */
export class SecurityEnvironment {
  readonly #rules: EnvironmentRules;
  readonly #templates = new Map<TemplateTag, TemplateContent>();
  /** First half of a block that comes in two commands. */
  heldHalf: Uint8Array | undefined;

  constructor(rules: EnvironmentRules) {
    this.#rules = rules;
  }

  reset(): void {
    this.#templates.clear();
    this.heldHalf = undefined;
  }

  /** What a template was set to. @throws Refusal 6985 when it was not set. */
  get(template: TemplateTag): TemplateContent {
    return this.#templates.get(template) ?? refuse(Sw.conditions);
  }

  /**
   * MSE SET of one template. `control` holds data objects 80 (algorithm), 81 (key file), 83 or 84 (key reference).
   * A file identifier beats a key reference: the OsEID driver always sends reference 00 beside it.
   * @throws Refusal 6A86 for a template, 6A80 for data or an algorithm, 6A88 for a key the card does not have.
   */
  set(template: number, control: Uint8Array): void {
    const tag = this.#rules.templates.find((known) => known === template) ?? refuse(Sw.wrongParameters);
    const objects = controlObjects(control);
    this.#templates.delete(tag);
    const key = this.#key(objects);
    if (!this.#rules.allows(key, tag)) refuse(Sw.referenceNotFound);
    const algorithm = objects.get(0x80);
    const operation = this.#rules.operation(key, tag, algorithm && Buffer.from(algorithm).toString('hex'));
    if (operation === undefined) refuse(Sw.wrongData);
    this.#templates.set(tag, { key, operation });
  }

  #key(objects: ReadonlyMap<number, Uint8Array>): CardKey {
    const file = objects.get(0x81);
    if (file) {
      if (file.length < 2 || file.length > 16) refuse(Sw.wrongData);
      const id = ((file.at(-2) ?? 0) << 8) | (file.at(-1) ?? 0);
      return this.#rules.keys.find((key) => key.fileId === id) ?? refuse(Sw.referenceNotFound);
    }
    const reference = objects.get(0x84) ?? objects.get(0x83);
    if (reference?.length !== 1) return refuse(Sw.wrongData);
    return this.#rules.keys.find((key) => key.reference === reference[0]) ?? refuse(Sw.referenceNotFound);
  }
}

/** The data objects of a control reference template: one-byte tags and lengths, at most 16. */
function controlObjects(control: Uint8Array): Map<number, Uint8Array> {
  const objects = new Map<number, Uint8Array>();
  for (let at = 0; at < control.length; ) {
    const [tag, length] = control.subarray(at, at + 2);
    if (tag === undefined || length === undefined || length > 0x7f) return refuse(Sw.wrongData);
    if (![0x80, 0x81, 0x83, 0x84].includes(tag) || objects.has(tag)) refuse(Sw.wrongData);
    const value = control.subarray(at + 2, at + 2 + length);
    if (value.length !== length) refuse(Sw.wrongData);
    objects.set(tag, value);
    at += 2 + length;
  }
  return objects;
}
