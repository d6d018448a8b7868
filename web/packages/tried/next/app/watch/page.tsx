import { Replay } from '../replay';

export default async function Page({ searchParams }: { searchParams: Promise<{ src?: string; token?: string }> }) {
  const { src = '', token = '' } = await searchParams;
  return <Replay src={src} token={token} />;
}
