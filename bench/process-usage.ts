import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The throughput, CPU time and memory of one process, in the time that is compared. */
export interface Run {
  perSecond: number;
  cpuMicros: number;
  peakRssMiB: number;
}

const clockTicksPerSecond = 100;

/** User and system CPU seconds of a process so far (proc(5), fields 14 and 15 of stat). */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
}

/** Resident set size, in MiB. */
export const rssMiB = (pid: number) => statusMiB(pid, 'VmRSS');

/** Peak resident set size so far, in MiB. */
export const peakRssMiB = (pid: number) => statusMiB(pid, 'VmHWM');

function statusMiB(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
}

/** Runs a file of this folder that prints a `Run` in JSON. The flags of node apply to this file too. */
export async function runFile(name: string, args: readonly string[]): Promise<Run> {
  const flags = [...process.execArgv, '--disable-warning=TimeoutNegativeWarning'];
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, name), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text) as Run;
}

/** Measures this process from now on. The function that it returns prints the `Run` of so many records. */
export function measureThisProcess(): (records: number) => void {
  const startedAt = performance.now();
  const cpuAtStart = cpuSeconds(process.pid);
  return (records) => {
    const run: Run = {
      perSecond: (records * 1000) / (performance.now() - startedAt),
      cpuMicros: ((cpuSeconds(process.pid) - cpuAtStart) * 1e6) / records,
      peakRssMiB: peakRssMiB(process.pid),
    };
    process.stdout.write(`${JSON.stringify(run)}\n`);
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
