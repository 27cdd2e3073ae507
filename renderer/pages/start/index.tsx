import { Failure } from '../../../electron/contract/failures/failure.ts';
import { useLink } from '../../app/host-link.ts';
import { useWindow } from '../../app/window-store.ts';
import { FailurePanel } from '../../components/FailurePanel.tsx';
import { CardOnReaderScene, ServiceOffScene } from '../../drawings/scenes.tsx';
import { ConnectingView, NoReaderView, PlaceCardView, ReadingView } from './beginnings.tsx';
import { Ready } from './Ready.tsx';
import { startView } from './start-view.ts';
import './start.css';

/** Where the window opens: from no service to the holder's own page, each with its picture. */
export default function Start() {
  const view = useWindow(startView);
  const link = useLink();
  const retry = () => {
    link.request('status', {}).catch(() => {});
  };
  switch (view.kind) {
    case 'connecting':
      return <ConnectingView again={view.again} />;
    case 'failure':
      return (
        <FailurePanel
          failure={view.failure}
          picture={
            view.picture === 'service' ? <ServiceOffScene /> : <CardOnReaderScene light="#DC6803" care />
          }
          {...(view.failure.code === 'agent-lost' ? {} : { onRetry: retry })}
        />
      );
    case 'no-reader':
      return <NoReaderView />;
    case 'place-card':
      return <PlaceCardView readers={view.readers} left={view.left} />;
    case 'reading':
      return <ReadingView />;
    case 'ready':
      return <Ready />;
    default:
      return <FailurePanel failure={new Failure('internal')} />;
  }
}
