import { Component, type ReactNode } from 'react';

interface Props {
  /** What stands there instead of what failed. */
  readonly fallback: (error: unknown) => ReactNode;
  readonly children: ReactNode;
}

/** Keeps what fails within it, while it is drawn or loaded, from taking the rest of the site along. */
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
