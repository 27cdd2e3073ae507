import { Seam as Stitched } from '../drawings/stitches.tsx';

/** The cross-stitched hem between navigation and page; apricot where anything is simulated. */
export function Seam({ simulated = false }: { readonly simulated?: boolean }) {
  return (
    <div className="seam" data-simulated={simulated}>
      <Stitched />
    </div>
  );
}
