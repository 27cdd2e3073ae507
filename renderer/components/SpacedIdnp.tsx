/** An IDNP in groups of 4, 3, 3 and 3. The gaps are drawn: what is selected and copied are the 13 digits. */
export function SpacedIdnp({ idnp }: { readonly idnp: string }) {
  if (!/^\d{13}$/.test(idnp)) return <bdi className="safe-text">{idnp}</bdi>;
  return (
    <span className="idnp">
      {[idnp.slice(0, 4), idnp.slice(4, 7), idnp.slice(7, 10), idnp.slice(10)].map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups may be the same digits
        <span key={index}>{group}</span>
      ))}
    </span>
  );
}
