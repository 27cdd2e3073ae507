import { Asn1Tag, cardText, derCount, derFlags, derInteger, derReference, Fields } from '../der.ts';
import { readTlv, type Tlv } from '../tlv.ts';
import type { Pkcs15Algorithm, Pkcs15TokenInfo } from './model.ts';
import { hex, objectLimit } from './object.ts';

/**
 * EF.TokenInfo (5032), ISO 7816-15, 8.10: `SEQUENCE { version, serialNumber?, manufacturerID?, [0] label?, tokenflags,
 * seInfo?, [1] recordInfo?, [2] supportedAlgorithms?, … }`.
 * @throws Failure `card-malformed`.
 */
export function parseTokenInfo(bytes: Uint8Array): Pkcs15TokenInfo {
  const fields = new Fields(readTlv(bytes, { padding: true }).children());
  const version = derInteger(fields.required(Asn1Tag.integer, 'TokenInfo version'));
  const serialNumber = fields.optional(Asn1Tag.octetString);
  const manufacturer = fields.optional(Asn1Tag.utf8String);
  const label = fields.optional(0x80);
  const flags = derFlags(fields.required(Asn1Tag.bitString, 'TokenInfo flags'));
  fields.optional(Asn1Tag.sequence);
  fields.optional(0xa1);
  const algorithms = fields.optional(0xa2)?.children() ?? [];
  return {
    version,
    serialNumber: serialNumber ? hex(serialNumber.value) : '',
    manufacturer: manufacturer ? cardText(manufacturer.value) : '',
    label: label ? cardText(label.value) : '',
    flags: { readOnly: flags(0), authenticationRequired: flags(1), prnGeneration: flags(2) },
    algorithms: algorithms.slice(0, objectLimit).map(parseAlgorithm),
  };
}

/** AlgorithmInfo: `SEQUENCE { reference, algorithm, parameters, supportedOperations, algId OPTIONAL, algRef OPTIONAL }`. */
function parseAlgorithm(sequence: Tlv): Pkcs15Algorithm {
  const [reference, mechanism, ...rest] = sequence.children();
  const fields = new Fields([reference, mechanism].filter((field) => field !== undefined));
  const cardReference = rest.find(({ tag }, at) => at > 0 && tag === Asn1Tag.integer);
  return {
    reference: derCount(fields.required(Asn1Tag.integer, 'AlgorithmInfo reference'), 0xffff),
    mechanism: derCount(fields.required(Asn1Tag.integer, 'AlgorithmInfo algorithm'), 0x7fff_ffff),
    cardReference: cardReference && derReference(cardReference, 2),
  };
}
