import { Link } from '../routing/link';
import { AlertIcon } from '../ui/icons';

export function UnknownPage() {
  return (
    <div className="notice">
      <AlertIcon />
      <h1>There is no such page</h1>
      <p>The address may be mistyped.</p>
      <Link href="/" className="button primary">
        To the recordings
      </Link>
    </div>
  );
}
