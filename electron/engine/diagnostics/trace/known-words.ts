/**
 * Words of a label that may stay in a trace: what cards call their PINs, keys, certificates and themselves. Every other
 * word becomes as many `x` as it has bytes, so that no name of a person can be one.
 */

const words = new Set(
  [
    // What it is
    'pin pin1 pin2 puk can so user global local key keys private public prkey certificate certificates cert certs ca root',
    'authentication authenticate auth identification signature sign signing signer digital digitalsignature qualified',
    'advanced electronic nonrepudiation repudiation encryption decipher unblock unblocking transport',
    'autentificare identificare semnatura semnătură semnare calificata calificată avansata avansată electronica electronică',
    'cheie certificat deblocare isikutuvastus allkirjastamine',
    // Which card
    'card carte buletin identitate identity national eid id kaart token simulated sandbox test training pkcs pkcs15 pkcs11',
    'application aplicatie aplicație app awp ias ecc qscd esign generic pki idemia oberthur gemalto thales safenet idprime',
    'cosmo starcos multiapp nxp infineon opensc oseid myeid aventra oy bit4id feitian mdtrustca mdqsign stisc asp moldova',
    'moldovan republica md mda ro ru en 2018 2025',
    'rsa ec ecdsa p256 p384 p521 sha256 sha384 sha512',
  ]
    .join(' ')
    .split(' '),
);

const kept = new Set(' -_.()/');
const filler = 'x'.charCodeAt(0);

/**
 * The same number of bytes, with known words and single digits kept.
 * @param text bytes of a UTF-8 or Latin text
 */
export function redactWords(text: Uint8Array): Uint8Array {
  const out = new Uint8Array(text.length).fill(filler);
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const separator = at === text.length || kept.has(String.fromCharCode(text[at] as number));
    if (!separator) continue;
    const word = text.subarray(start, at);
    if (isKnown(word)) out.set(word, start);
    if (at < text.length) out[at] = text[at] as number;
    start = at + 1;
  }
  return out;
}

function isKnown(bytes: Uint8Array): boolean {
  const word = Buffer.from(bytes).toString('utf8').toLowerCase();
  return words.has(word) || /^[0-9]$/.test(word);
}
