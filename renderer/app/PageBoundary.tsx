import { Component, type ReactNode } from 'react';
import { asFailure, type Failure } from '../../electron/contract/failures/failure.ts';
import { FailurePanel } from '../components/FailurePanel.tsx';

/** A page that fails of itself becomes a page that says so; the rest of the window goes on. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, { failure: Failure | null }> {
  override state: { failure: Failure | null } = { failure: null };

  static getDerivedStateFromError(error: unknown): { failure: Failure } {
    return { failure: asFailure(error) };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (failure === null) return this.props.children;
    return <FailurePanel failure={failure} onRetry={() => this.setState({ failure: null })} />;
  }
}
