/** How a relative stands to the person: "my child", "my spouse". */
export type Relation = 'spouse' | 'child' | 'parent' | 'grandchild' | 'grandparent';

/** An invented person. */
export interface SandboxPerson {
  /** IDNP: 13 digits with a valid check digit. */
  readonly idnp: string;
  /** Short name for command lines and tests: lower-case ASCII letters. */
  readonly key: string;
  readonly familyName: string;
  readonly givenName: string;
  /** The father's given name; null when unknown. */
  readonly patronymic: string | null;
  readonly sex: 'M' | 'F';
  /** `YYYY-MM-DD` (ISO 8601). */
  readonly birthDate: string;
  /** Town or village and district, as written on the document. */
  readonly birthPlace: string;
  /** Citizenship, ISO 3166-1 alpha-3. */
  readonly citizenship: 'MDA';
  /** Language the person would choose, BCP 47. */
  readonly language: 'ro' | 'ru';
  /** Invented series and number of the identity document; `ZZ` is not a series in use. */
  readonly documentNumber: string;
  /** Date of issue, `YYYY-MM-DD`. */
  readonly documentIssued: string;
  /** Last day of validity, `YYYY-MM-DD`. */
  readonly documentExpires: string;
  /** The identity document has keys that can sign in: children's have none, nor has everyone asked for them. */
  readonly hasKeys: boolean;
  /** Has given the e-services site their contact data, as it asks at the first visit. */
  readonly registered: boolean;
  readonly isResident: boolean;
  /** A reserved domain (RFC 2606): no mail can ever arrive anywhere. */
  readonly email?: string;
  /** E.164; `+373 00` and `+373 200` are nobody's. */
  readonly mobilePhone?: string;
  readonly homePhone?: string;
  /** Organisations that the person may act for, as MPass writes them: "Name IDNO". */
  readonly administeredLegalEntities?: readonly string[];
  /** The rest of the family. */
  readonly relatives: readonly { readonly idnp: string; readonly relation: Relation }[];
}
