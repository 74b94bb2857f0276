import { constants, fstatSync, openSync, type Stats, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { isatty } from 'node:tty';

/**
 * Writes bytes from the index `from` on. Returns how many were accepted: 0 while a pipe, a socket or a terminal is full.
 *
 * @throws the error of the system, such as ENOSPC or EPIPE
 */
export type WriteSome = (bytes: Buffer, from: number) => number;

/**
 * Writes to a descriptor and never waits for its reader. A blocking write would stop the event loop, with heartbeats and
 * health checks, or a thread of Node's pool, for which `process.exit` waits.
 */
export function createDescriptorWriter(descriptor: number): WriteSome {
  const target = withoutBlocking(descriptor);
  return (bytes, from) => {
    try {
      return writeSync(target, bytes, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  };
}

/** Files accept bytes immediately. So does a descriptor of a kind for which no attempt succeeds. */
function withoutBlocking(descriptor: number): number {
  const status = fstatSync(descriptor);
  return reopened(descriptor, status) ?? setNonBlocking(descriptor, status) ?? descriptor;
}

/** Linux opens a pipe or terminal again, so that the flag does not change for other processes that share it. */
function reopened(descriptor: number, status: Stats): number | undefined {
  if (!status.isFIFO() && !isatty(descriptor)) return undefined;
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return undefined;
  }
}

/** libuv makes each pipe and socket that it opens non-blocking, as it does for `process.stderr`. */
function setNonBlocking(descriptor: number, status: Stats): number | undefined {
  if (!status.isFIFO() && !status.isSocket()) return undefined;
  try {
    new Socket({ fd: descriptor, readable: false, writable: true });
    return descriptor;
  } catch {
    return undefined;
  }
}
