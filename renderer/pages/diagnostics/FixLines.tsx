import type { FindingFix } from '../../../electron/contract/diagnostics/finding.ts';
import { clean } from '../../app/clean-text.ts';
import { useText } from '../../app/text.tsx';

/** The very lines of a change. */
export function FixLines({ fix }: { readonly fix: FindingFix }) {
  const { t } = useText();
  const { afterwards = [] } = fix;
  return (
    <>
      <pre className="code-lines">{fix.lines.map((line) => clean(line)).join('\n')}</pre>
      {afterwards.length > 0 && (
        <>
          <p className="small second">{t('diag.fix.afterwards')}</p>
          <pre className="code-lines">{afterwards.map((line) => clean(line)).join('\n')}</pre>
        </>
      )}
    </>
  );
}
