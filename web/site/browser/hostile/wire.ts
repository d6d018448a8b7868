import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';

/** The domain of every host in a hostile recording: `<kind>.evil.example`. */
export const EVIL_DOMAIN = 'evil.example';
const HOSTS = new RegExp(`[\\w-]+\\.${EVIL_DOMAIN.replace('.', '\\.')}`, 'g');

export interface Wire {
  /** Switches of Chromium that map every host of the domain to this listener. */
  readonly switches: string[];
  /** The hosts that were connected to, as the first bytes of TLS or HTTP name them. */
  readonly hosts: () => ReadonlySet<string>;
  readonly close: () => Promise<void>;
}

/** Listens for connections to the hosts of the domain. It also sees those without a request, such as a preconnect. */
export async function openWire(): Promise<Wire> {
  const seen = new Set<string>();
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.once('data', (bytes) => {
      for (const [host] of bytes.toString('latin1').matchAll(HOSTS)) seen.add(host);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    switches: [`--host-resolver-rules=MAP *.${EVIL_DOMAIN} 127.0.0.1:${port}`],
    hosts: () => seen,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
