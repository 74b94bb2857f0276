import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { after } from 'node:test';
import { Worker } from 'node:worker_threads';

/** A port of the loopback interface that refuses connections. */
export async function refusingPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Accepts connections to a port and never answers, as a load balancer without a target does. */
export async function acceptInSilence(port: number): Promise<void> {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => sockets.push(socket.on('error', () => {})));
  await once(server.listen(port, '127.0.0.1'), 'listening');
  after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
}

/** Listens at a port with a full queue of connections: the kernel drops the packets of further ones. */
export async function dropPackets(port: number): Promise<void> {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const server = require('node:net').createServer();
    server.listen({ host: '127.0.0.1', port: workerData, backlog: 1 }, () => {
      parentPort.postMessage('listening');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const worker = new Worker(code, { eval: true, workerData: port });
  await once(worker, 'message');
  const queued = Array.from({ length: 3 }, () => net.connect(port, '127.0.0.1'));
  for (const socket of queued) socket.on('error', () => {});
  after(async () => {
    for (const socket of queued) socket.destroy();
    await worker.terminate();
  });
}
