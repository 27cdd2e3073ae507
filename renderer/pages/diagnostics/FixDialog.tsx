import { ShieldCheck } from 'lucide-react';
import type { Finding, FindingFix } from '../../../electron/contract/diagnostics/finding.ts';
import { clean } from '../../app/clean-text.ts';
import { useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import { useToast } from '../../components/Toast.tsx';
import { useDoctorDesk } from './doctor-desk.ts';
import { FixLines } from './FixLines.tsx';

/** The exact change before it is made. The shell asks once more, where no page can answer. */
export function FixDialog({
  finding,
  fix,
  isOpen,
  onClose,
}: {
  readonly finding: Finding;
  readonly fix: FindingFix;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const toast = useToast();
  const [, desk] = useDoctorDesk();
  const request = useRequest('host.doctor.fix');
  const make = async () => {
    if (finding.cause === null) return;
    const result = await request.run({ id: finding.id, cause: finding.cause, lines: fix.lines });
    if (result === undefined) return;
    toast(t(result.solved ? 'diag.fix.solved' : 'diag.fix.not-solved'));
    onClose();
    void desk.run();
  };
  const { failure, result } = request;
  const declined = failure?.code === 'cancelled';
  return (
    <Dialog
      alert
      isOpen={isOpen}
      onClose={() => {
        request.cancel();
        request.reset();
        onClose();
      }}
      title={t('diag.fix.title')}
      actions={
        <>
          <Button slot="close">{t('action.cancel')}</Button>
          <Button variant="primary" busy={request.busy} onPress={() => void make()}>
            {t('diag.fix.agree')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>
          {fix.kind === 'setting' && fix.file !== undefined
            ? t('diag.fix.exactly.setting', { file: clean(fix.file, 200) })
            : t('diag.fix.exactly')}
        </p>
        <FixLines fix={fix} />
        <p className="row small second">
          <Icon of={ShieldCheck} size={17} />
          {t(fix.needsAdministrator ? 'diag.fix.administrator' : 'diag.fix.asks-again')}
        </p>
        {declined && <Note role="status">{t('diag.fix.declined')}</Note>}
        {failure && !declined && <FailureNote failure={failure} />}
        {result && !result.solved && <Note tone="care">{t('diag.fix.not-solved')}</Note>}
      </div>
    </Dialog>
  );
}
