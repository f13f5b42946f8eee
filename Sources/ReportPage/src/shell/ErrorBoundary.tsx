import { Component, ReactNode } from 'react';

/** A fault of the page's own, or a part of it that couldn't be loaded after an update of the server. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | undefined }> {
    override state: { error: Error | undefined } = { error: undefined };

    static getDerivedStateFromError(error: Error) {
        return { error };
    }

    override render() {
        if (!this.state.error) return this.props.children;
        return (
            <div role="alert">
                <h1>This page couldn’t be shown</h1>
                <p>The server may have been updated meanwhile. Loading the page again usually helps; nothing is lost by it.</p>
                <p className="muted">{this.state.error.message}</p>
                <button type="button" className="primary" onClick={() => location.reload()}>
                    Load again
                </button>
            </div>
        );
    }
}
