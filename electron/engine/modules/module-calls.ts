/** A function of PKCS#11 that was called, as somebody who watches is told of it: no argument, no answer. */
export interface ModuleCall {
  /** As `C_GetSlotList`. */
  readonly function: string;
  /** `CKR_OK`, another name of the standard, or the number in hex. */
  readonly result: string;
  readonly ms: number;
}
