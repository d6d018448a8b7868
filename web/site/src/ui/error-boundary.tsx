import { Component, type ReactNode } from 'react';

interface Props {
  /** Shown instead of the children that failed. */
  readonly fallback: (error: unknown) => ReactNode;
  readonly children: ReactNode;
}

/** Keeps a failure of its children, while they are rendered or loaded, from breaking the rest of the site. */
export class ErrorBoundary extends Component<Props, { failure?: { error: unknown } }> {
  override readonly state: { failure?: { error: unknown } } = {};

  static getDerivedStateFromError(error: unknown): { failure: { error: unknown } } {
    return { failure: { error } };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    return failure ? this.props.fallback(failure.error) : this.props.children;
  }
}
