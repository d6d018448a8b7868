import { readableUrl } from './words';

/** The address of a recorded page, as a client reported it: a link only if it is an http address. */
export function PageAddress({ url }: { url: string }) {
  if (!url) return null;
  if (!/^https?:\/\//i.test(url)) return <p className="page-address">{url}</p>;
  return (
    <p className="page-address">
      <a href={url} target="_blank" rel="noopener noreferrer nofollow" title={url}>
        {readableUrl(url)}
      </a>
    </p>
  );
}
