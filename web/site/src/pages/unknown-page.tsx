import { Link } from '../routing/link';
import { AlertIcon } from '../ui/icons';

export function UnknownPage() {
  return (
    <div className="notice">
      <AlertIcon />
      <h1>Page not found</h1>
      <p>The address may be wrong.</p>
      <Link href="/" className="button primary">
        Go to the recordings
      </Link>
    </div>
  );
}
