/**
 * Authorities of the Moldovan certificates by the SHA-256 of their certificates: the certificates themselves come from
 * the card or from where others say they are. That one stands here says who it is, not that it may be trusted for an act.
 */
export const knownAuthorities: Readonly<Record<string, string>> = {
  '211A8A9CC92DE6916BAB2024FCEA4108E72D4ACFCA0FB8EDD294B998E4E99C06': 'mdtrustca',
  BA55D94BF91C0ED032DC2CDDEEEDDF70810FF641F58C50E7DFF2E1A1FFA067BF: 'MDQSign',
  EB8A03219C3217FB9C038713745F96210C20B829403892A0774B07083EAF04E9: 'mdtrustrootca',
};
