import { useId } from 'react';
import { useText } from '../app/text.tsx';

/** Woven over everything that is simulated, on screen and on paper. */
export function WatermarkSimulated() {
  const { t } = useText();
  const id = useId();
  return (
    <svg className="watermark" aria-hidden="true" width="100%" height="100%">
      <defs>
        <pattern
          id={id}
          width="380"
          height="170"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(-16)"
        >
          <text x="0" y="40">
            {t('simulated.woven')}
          </text>
          <text x="-190" y="125">
            {t('simulated.woven')}
          </text>
          <text x="190" y="125">
            {t('simulated.woven')}
          </text>
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}
